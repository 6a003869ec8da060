/**
 * The first line of a message, in place (RFC 3261 §7.1, §7.2):
 *   METHOD SP Request-URI SP SIP/2.0      SIP/2.0 SP 3DIGIT SP reason
 * Allocates nothing: the probe uses it, too.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';

const SIP = ascii('SIP/');
const FIRST_WORDS = [
  'SIP/2.0',
  'MESSAGE',
  'INVITE',
  'REGISTER',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'INFO',
].map(ascii);
const MARKS = ascii("-.!%*_+`'~");
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const LONGEST_METHOD = 20; // octets
const SHORTEST_VERSION = 7; // octets: SIP/2.0

export const StartLine = { None: 0, More: 1, Request: 2, Response: 3 } as const;
export type StartLine = (typeof StartLine)[keyof typeof StartLine];

/** Whether a start line stands at buffer[start, …end): More while it may still become one. */
export function startLineAt(buffer: Uint8Array, start: number, end: number): StartLine {
  let at = start;
  const first = buffer[at] ?? 0;
  if (!isLetter(first)) return at < end ? StartLine.None : StartLine.More;
  if (first === 0x53 && isPrefixOfSip(buffer, start, end)) return statusLine(buffer, start, end);
  while (at < end && isMethodOctet(buffer[at] ?? 0)) at++;
  if (at - start > LONGEST_METHOD) return StartLine.None;
  if (at === end) return StartLine.More;
  if (buffer[at] !== SPACE || at - start < 3) return StartLine.None;
  while (buffer[at] === SPACE && at < end) at++;
  if (at === end) return StartLine.More;
  const scheme = at;
  while (at < end && isLetter(buffer[at] ?? 0)) at++;
  if (at === end) return at - scheme > 8 ? StartLine.None : StartLine.More;
  if (at === scheme || buffer[at] !== COLON || at - scheme > 8) return StartLine.None;
  const lf = buffer.indexOf(LF, at);
  if (lf === -1 || lf >= end) {
    for (let i = at; i < end; i++) {
      const octet = buffer[i] ?? 0;
      if (octet < SPACE && octet !== CR) return StartLine.None;
    }
    return StartLine.More;
  }
  return versionBefore(buffer, at, lf) ? StartLine.Request : StartLine.None;
}

/** `SIP/2.0 200`; `SIP/` alone may be the beginning of it. */
function statusLine(buffer: Uint8Array, start: number, end: number): StartLine {
  let at = start + SIP.length;
  while (at < end && isVersionOctet(buffer[at] ?? 0) && at - start < 12) at++;
  if (at >= end) return StartLine.More;
  if (buffer[at] !== SPACE || at === start + SIP.length) return StartLine.None;
  while (buffer[at] === SPACE && at < end) at++;
  for (let digits = 0; digits < 3; digits++, at++) {
    if (at >= end) return StartLine.More;
    if (!isDigit(buffer[at] ?? 0)) return StartLine.None;
  }
  if (at >= end) return StartLine.More;
  const after = buffer[at];
  return after === SPACE || after === CR || after === LF ? StartLine.Response : StartLine.None;
}

/**
 * Where a start line begins in the whole line [start, end), which may begin with the end of a body that
 * has no line end: `…textMESSAGE sip:… SIP/2.0`. -1 where there is none.
 */
export function startLineIn(buffer: Uint8Array, start: number, end: number): number {
  let space = buffer.indexOf(SPACE, start);
  while (space !== -1 && space < end) {
    for (const word of FIRST_WORDS) {
      const at = space - word.length;
      if (at <= start || !startsWith(buffer, at, word)) continue;
      if (startLineAt(buffer, at, end) >= StartLine.Request) return at;
    }
    space = buffer.indexOf(SPACE, space + 1);
  }
  return startLineAt(buffer, start, end) >= StartLine.Request ? start : -1;
}

/** ` SIP/n.n` stands before the line end at `lf`. */
function versionBefore(buffer: Uint8Array, from: number, lf: number): boolean {
  let at = buffer[lf - 1] === CR ? lf - 1 : lf;
  while (buffer[at - 1] === SPACE && at > from) at--;
  const stop = at;
  while (at > from && isVersionOctet(buffer[at - 1] ?? 0)) at--;
  if (stop - at < 3 || at - SIP.length <= from || stop - at + SIP.length < SHORTEST_VERSION) {
    return false;
  }
  return startsWith(buffer, at - SIP.length, SIP) && buffer[at - SIP.length - 1] === SPACE;
}

function isPrefixOfSip(buffer: Uint8Array, start: number, end: number): boolean {
  const most = Math.min(SIP.length, end - start);
  for (let i = 0; i < most; i++) if (buffer[start + i] !== SIP[i]) return false;
  return true;
}

function isUpper(octet: number): boolean {
  return octet >= 0x41 && octet <= 0x5a;
}
function isLetter(octet: number): boolean {
  return isUpper(octet & 0xdf);
}
function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}
/** Of a token (§25.1). */
function isMethodOctet(octet: number): boolean {
  return isLetter(octet) || isDigit(octet) || MARKS.includes(octet);
}
function isVersionOctet(octet: number): boolean {
  return isDigit(octet) || octet === 0x2e;
}
