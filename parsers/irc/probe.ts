/**
 * Is it IRC? Strong evidence only: words of IRC stand in logs, mail, SQL and other protocols.
 *
 * Every complete line must be a line of IRC that may stand in this direction; what counts is
 * worth points, and ENOUGH points are a Yes:
 *   to the server  NICK 2, USER 2 (RFC 1459: four parameters; 1 with fewer), PASS 2, CAP LS|REQ 4,
 *                  message `target :text` 4, JOIN, PART, TOPIC of a room 2 (4 mid-stream),
 *                  PING and PONG with a cookie 1, other commands 1
 *   to the client  source and numeric 4, source and CAP 4, source `nick!user@host` and a command 4,
 *                  source and NOTICE 4, `NOTICE AUTH :` 4, `ERROR :Closing Link` 4
 * The first client line must open a session, and lines below 4 count only with a NICK: FTP and POP3
 * also say USER and PASS, NATS and Redis PING. A source in client lines of a flow picked up in the middle means that the
 * direction was guessed wrong.
 */
import { ascii, spells } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { Command, commandOf } from './commands.ts';
import { IrcLine } from './line.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 4096;

const ENOUGH = 4;
const NOT_IRC = -1;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const COLON = 0x3a;
const AT = 0x40;
const HASH = 0x23;
const AMPERSAND = 0x26;
const LONGEST_FIRST_WORD = 16; // octets; AUTHENTICATE has 12

const NICK = ascii('NICK');
const USER = ascii('USER');
const PASS = ascii('PASS');
const PING = ascii('PING');
const PONG = ascii('PONG');
const PROXY = ascii('PROXY');
const WEBIRC = ascii('WEBIRC');
const LS = ascii('LS');
const REQ = ascii('REQ');
const AUTH = ascii('AUTH');
const CLOSING = ascii('CLOSING');

const line = new IrcLine();

export function probeIrc(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const answer = judge(direction, octets, midstream);
  line.clear();
  return answer;
}

function judge(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const toServer = direction === Direction.ToServer;
  let points = 0;
  let lines = 0;
  // Thousands of them may come an octet at a time, and are all read again each time.
  let at = toServer ? afterEmptyLines(octets, 0) : 0;
  let torn = midstream;
  let named = midstream || !toServer; // a client says who it is
  let nick = false;
  let user = false;
  let enough: number = ENOUGH;
  while (at < octets.length) {
    const lf = octets.indexOf(LF, at);
    if (lf === -1) break;
    const end = lf > at && octets[lf - 1] === CR ? lf - 1 : lf;
    if (end > at) {
      const worth = toServer
        ? clientLine(octets, at, end, lines === 0, midstream)
        : serverLine(octets, at, end, midstream);
      if (worth !== NOT_IRC) {
        points += worth;
        lines += 1;
        nick ||= toServer && isWord(octets, NICK);
        named ||= nick || worth === ENOUGH;
        // USER, then PASS, and no NICK: FTP or POP3.
        if (toServer && user && !nick && isWord(octets, PASS)) return Probe.No;
        user ||= toServer && isWord(octets, USER);
        if ((nick && user) || (named && points >= enough)) return Probe.Yes;
      } else if (torn && isText(octets, at, end)) {
        // The end of a line, or another protocol's: one line of IRC is not enough then.
        enough = 2 * ENOUGH;
      } else return Probe.No;
      torn = false;
    } else if (midstream && !toServer) return Probe.No; // servers send no empty lines
    at = toServer ? afterEmptyLines(octets, lf + 1) : lf + 1;
  }
  if (octets.length >= PROBE_LIMIT) return Probe.No;
  // Of a torn line all that is known is that it is text.
  const mayBe = torn ? isText(octets, at, octets.length) : mayBecomeLine(octets, at, toServer);
  return mayBe ? Probe.More : Probe.No;
}

function afterEmptyLines(octets: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    if (octets[at] === LF) at += 1;
    else if (octets[at] === CR && octets[at + 1] === LF) at += 2;
    else return at;
  }
}

/** Points of one client line, or NOT_IRC. */
function clientLine(
  octets: Uint8Array,
  start: number,
  end: number,
  first: boolean,
  midstream: boolean,
): number {
  if (!line.read(octets, start, end) || !isText(octets, start, end)) return NOT_IRC;
  if (line.sourceStart !== -1 && midstream) return NOT_IRC;
  const { command } = line;
  if (command < 1000 || command === Command.Error) return NOT_IRC;
  if (command === Command.Silent || command === Command.User)
    return silentClientLine(octets, first, midstream);
  switch (command) {
    case Command.Nick:
      return line.count >= 1 && line.count <= 2 && isNick(0) ? 2 : NOT_IRC;
    case Command.Cap:
      return isParam(0, LS) || (isParam(0, REQ) && line.count > 1) ? ENOUGH : 1;
    case Command.Authenticate:
      return line.count === 1 ? 2 : NOT_IRC;
    case Command.StartTls:
      return line.count === 0 ? 0 : NOT_IRC;
    case Command.Privmsg:
    case Command.Notice:
      // NOTICE AUTH is what a server says, seen from the wrong side.
      return isSaying() && !isParam(0, AUTH) && !isStar(0) ? ENOUGH : NOT_IRC;
    case Command.Join:
      if (line.count === 0) return NOT_IRC;
      return isRoom(0) ? roomPoints(midstream) : 0;
    case Command.Part:
    case Command.Topic:
    case Command.Kick:
      return isRoom(0) && !first ? 2 : isRoom(0) && midstream ? ENOUGH : first ? NOT_IRC : 0;
    default:
      return first && !midstream ? NOT_IRC : 1;
  }
}

function roomPoints(midstream: boolean): number {
  return midstream ? ENOUGH : 2;
}

/** Commands without events: registration, and words that other protocols share. */
function silentClientLine(octets: Uint8Array, first: boolean, midstream: boolean): number {
  if (isWord(octets, USER)) return line.count >= 4 ? 2 : line.count === 1 ? 1 : NOT_IRC;
  if (isWord(octets, PASS)) return line.count >= 1 ? 2 : NOT_IRC;
  if (isWord(octets, PROXY)) return line.count === 5 && first ? 0 : NOT_IRC;
  if (isWord(octets, WEBIRC)) return line.count >= 4 ? 2 : NOT_IRC;
  if (isWord(octets, PING) || isWord(octets, PONG)) {
    return line.count === 0 || (first && !midstream) ? NOT_IRC : 1;
  }
  if (first && !midstream) return NOT_IRC;
  return line.count === 0 ? 0 : 1;
}

/** Points of one server line, or NOT_IRC. */
function serverLine(octets: Uint8Array, start: number, end: number, midstream: boolean): number {
  if (!line.read(octets, start, end) || !isText(octets, start, end)) return NOT_IRC;
  const { command } = line;
  if (command === Command.Unknown) return line.tagsStart !== -1 && isSource(octets) ? 1 : NOT_IRC;
  if (line.sourceStart === -1) return plainServerLine(command, midstream);
  if (!isSource(octets)) return NOT_IRC;
  if (command < 1000) return line.count >= 1 ? ENOUGH : NOT_IRC;
  switch (command) {
    case Command.Notice:
    case Command.Privmsg:
      return line.count >= 2 ? ENOUGH : NOT_IRC;
    case Command.Cap:
      return line.count >= 2 ? ENOUGH : NOT_IRC;
    default:
      return isMask(octets) && line.count >= 1 ? ENOUGH : 1;
  }
}

/** Server lines without a source. */
function plainServerLine(command: number, midstream: boolean): number {
  switch (command) {
    case Command.Notice:
      return line.count === 2 && (isParam(0, AUTH) || isStar(0)) ? ENOUGH : NOT_IRC;
    case Command.Privmsg:
      // No server says so, and a client seen from the wrong side does; to a nick it is let pass.
      return midstream && isSaying() && !isRoom(0) ? ENOUGH : NOT_IRC;
    case Command.Error:
      return line.count === 1 && startsParam(0, CLOSING) ? ENOUGH : 0;
    case Command.Silent:
      return line.count === 1 && isWord(line.buffer, PING) ? 1 : NOT_IRC;
    case Command.Authenticate:
    case Command.Batch:
      return line.count >= 1 ? 1 : NOT_IRC;
    default:
      return NOT_IRC;
  }
}

/** The unfinished line from `at` may still become a line of IRC. */
function mayBecomeLine(octets: Uint8Array, at: number, toServer: boolean): boolean {
  const first = octets[at];
  if (first === undefined || first === CR) return true;
  if (first === COLON || first === AT) return isText(octets, at, octets.length);
  if (!isText(octets, at, octets.length)) return false;
  let end = at;
  while (end < octets.length && octets[end] !== SPACE && octets[end] !== CR) end++;
  if (end === octets.length) return end - at <= LONGEST_FIRST_WORD && areLetters(octets, at, end);
  const command = commandOf(octets, at, end);
  return toServer ? command >= 1000 : command >= 1000 && command !== Command.StartTls;
}

/** `target :text`, the target a name. */
function isSaying(): boolean {
  if (line.count !== 2) return false;
  const start = line.paramStart(1);
  const { buffer } = line;
  const colon = buffer[start - 1] === COLON && buffer[start - 2] === SPACE;
  return colon && line.paramEnd(0) > line.paramStart(0) && line.paramEnd(1) > start;
}

function isRoom(i: number): boolean {
  if (i >= line.count) return false;
  const first = line.buffer[line.paramStart(i)];
  return (first === HASH || first === AMPERSAND) && line.paramEnd(i) - line.paramStart(i) > 1;
}

/** A nick starts with a letter, an underscore or one of `[]\`^{|}` (RFC 2812 §2.3.1), or UTF-8. */
function isNick(i: number): boolean {
  const first = line.buffer[line.paramStart(i)] ?? 0;
  return line.paramEnd(i) > line.paramStart(i) && first > COLON && first !== AT;
}

function isStar(i: number): boolean {
  return line.paramEnd(i) - line.paramStart(i) === 1 && line.buffer[line.paramStart(i)] === 0x2a;
}

function isParam(i: number, word: Uint8Array): boolean {
  return i < line.count && spells(line.buffer, line.paramStart(i), line.paramEnd(i), word);
}

function startsParam(i: number, word: Uint8Array): boolean {
  const start = line.paramStart(i);
  return (
    start + word.length <= line.paramEnd(i) && spells(line.buffer, start, start + word.length, word)
  );
}

function isWord(octets: Uint8Array, word: Uint8Array): boolean {
  return spells(octets, line.commandStart, line.commandEnd, word);
}

/** A nick or a server name: starts with a letter or digit or one of a nick's signs. */
function isSource(octets: Uint8Array): boolean {
  if (line.sourceEnd - line.sourceStart < 1) return false;
  const first = octets[line.sourceStart] ?? 0;
  return first >= 0x30 && first !== COLON && first !== AT;
}

function isMask(octets: Uint8Array): boolean {
  let bang = line.sourceStart;
  while (bang < line.sourceEnd && octets[bang] !== BANG) bang++;
  let at = bang;
  while (at < line.sourceEnd && octets[at] !== AT) at++;
  return bang > line.sourceStart && at < line.sourceEnd - 1;
}

/** No control characters but those of CTCP, formatting and tab. */
function isText(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = octets[i] ?? 0;
    if (c === 0 || c === 0x7f || (c >= 0x06 && c < 0x0f && c !== 0x09 && c !== CR && c !== LF)) {
      return false;
    }
    if (c === 0x1b) return false;
  }
  return true;
}

function areLetters(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const letter = (octets[i] ?? 0) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return false;
  }
  return true;
}
