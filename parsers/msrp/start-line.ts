/**
 * `MSRP SP transaction-id SP METHOD` or `… SP 3DIGIT [SP comment]`, CR LF (RFC 4975 §9), in place and
 * without allocating.
 *   transaction-id  4 to 32 of letters, digits and `. - + % =`, the first one a letter or digit
 */
import { ascii } from '../../src/bytes/text.ts';

const MSRP = ascii('MSRP ');
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const LONGEST_ID = 32;
const SHORTEST_ID = 4;
const LONGEST_METHOD = 20;

export const MsrpLine = { None: 0, More: 1, Request: 2, Response: 3 } as const;
export type MsrpLine = (typeof MsrpLine)[keyof typeof MsrpLine];

/** Whether a start line stands at `start`: More while it may still become one. */
export function msrpLineAt(buffer: Uint8Array, start: number, end: number): MsrpLine {
  const most = Math.min(MSRP.length, end - start);
  for (let i = 0; i < most; i++) if (buffer[start + i] !== MSRP[i]) return MsrpLine.None;
  if (most < MSRP.length) return MsrpLine.More;
  const id = start + MSRP.length;
  let at = idEnd(buffer, id, end);
  if (at === end) return at - id > LONGEST_ID ? MsrpLine.None : MsrpLine.More;
  const length = at - id;
  if (length < SHORTEST_ID || length > LONGEST_ID || buffer[at] !== SPACE) return MsrpLine.None;
  if (!isAlphanumeric(buffer[id] ?? 0)) return MsrpLine.None;
  at += 1;
  const word = at;
  const isStatus = isDigit(buffer[at] ?? 0);
  while (at < end && isWordOctet(buffer[at] ?? 0, isStatus)) at++;
  if (at - word > LONGEST_METHOD) return MsrpLine.None;
  if (at === end) return MsrpLine.More;
  if (isStatus) return at - word === 3 ? lineEnd(buffer, at, end, true) : MsrpLine.None;
  return at - word >= 3 ? lineEnd(buffer, at, end, false) : MsrpLine.None;
}

/** Where the transaction identifier at `start` ends. */
export function idEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isIdOctet(buffer[at] ?? 0)) at++;
  return at;
}

/** A comment may follow a status; the line ends in CR LF. */
function lineEnd(buffer: Uint8Array, from: number, end: number, isStatus: boolean): MsrpLine {
  let at = from;
  if (isStatus && buffer[at] === SPACE) {
    while (at < end && (buffer[at] ?? 0) >= SPACE) at++;
  }
  if (at >= end) return MsrpLine.More;
  if (buffer[at] !== CR) return MsrpLine.None;
  if (at + 1 >= end) return MsrpLine.More;
  if (buffer[at + 1] !== LF) return MsrpLine.None;
  return isStatus ? MsrpLine.Response : MsrpLine.Request;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}
function isUpper(octet: number): boolean {
  return octet >= 0x41 && octet <= 0x5a;
}
function isAlphanumeric(octet: number): boolean {
  return isDigit(octet) || isUpper(octet & 0xdf);
}
function isWordOctet(octet: number, isStatus: boolean): boolean {
  return isStatus ? isDigit(octet) : isUpper(octet);
}
function isIdOctet(octet: number): boolean {
  return (
    isAlphanumeric(octet) ||
    octet === 0x2e ||
    octet === 0x2d ||
    octet === 0x2b ||
    octet === 0x25 ||
    octet === 0x3d
  );
}
