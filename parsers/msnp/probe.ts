/**
 * Is it MSNP? By its first commands, on any port; a word of three letters alone is not enough.
 *
 * Every line must be a command of this direction (plausible.ts); what counts is worth points, and ENOUGH
 * points are a Yes:
 *   to the server  VER t MSNPn… 4, ANS t address ticket n 4, USR t address ticket 2, INF t 1, CVR t … 2,
 *                  USR t TWN|SSO|MD5|SHA I address 4, MSG t U|N|A|D n 4, CAL t address 2, XFR t SB 4, PNG 1
 *   to the client  VER t MSNPn 4, USR t OK address 4, IRO 4, ANS t OK 2, JOI 2, MSG address name n 4,
 *                  NLN and FLN 4, RNG 4, QNG n 4 (mid-stream), XFR t NS|SB host:port 4
 * A flow that is seen from its beginning starts with VER, USR or ANS. `VER MSNFTP` is MSNFTP.
 */
import { find } from '../../src/bytes/find.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { MsnpCommand } from './command.ts';
import { payloadLength } from './payload-length.ts';
import { commandWithin, isCommandOf, isPlausible } from './plausible.ts';
import { type Verb, word } from './verbs.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 2048;

const ENOUGH = 4;
/** Lines at the start of a flow picked up in the middle that may be the rest of a payload. */
const TORN_LINES = 12;
/** Octets of a torn line in which a command is looked for. */
const LINE_LIMIT = 1700;
const HTTP = ascii('HTTP/1.');
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

const VER = word('VER');
const USR = word('USR');
const ANS = word('ANS');
const INF = word('INF');
const CVR = word('CVR');
const MSG = word('MSG');
const CAL = word('CAL');
const XFR = word('XFR');
const QNG = word('QNG');
const IRO = word('IRO');
const JOI = word('JOI');
const NLN = word('NLN');
const ILN = word('ILN');
const FLN = word('FLN');
const RNG = word('RNG');
const UBX = word('UBX');
const UUX = word('UUX');
const ADL = word('ADL');
const RML = word('RML');
const BYE = word('BYE');

const command = new MsnpCommand();

export function probeMsnp(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const answer = judge(direction === Direction.ToServer, octets, midstream);
  command.clear();
  return answer;
}

function judge(toServer: boolean, octets: Uint8Array, midstream: boolean): Probe {
  if (!mayBegin(octets[0], toServer, midstream)) return Probe.No;
  let points = 0;
  let torn = midstream ? TORN_LINES : 0;
  let first = true;
  let at = 0;
  while (at < octets.length) {
    const lf = find(octets, LF, at, octets.length);
    if (lf === -1) break;
    const end = lf > at && octets[lf - 1] === CR ? lf - 1 : lf;
    // Some servers obey commands in lower case: the first one is enough to be asked about.
    let isCommand =
      command.read(octets, at, end) &&
      (midstream ? isPlausible(command, toServer) : isCommandOf(command, toServer));
    // Behind the rest of a payload the next command stands in the same line.
    if (!isCommand && torn > 0 && end - at < LINE_LIMIT) {
      isCommand = commandWithin(command, octets, at, end, toServer) !== -1;
    }
    if (isCommand && (!first || midstream || opens(command.verb, toServer))) {
      points += worth(toServer, midstream);
      if (points >= ENOUGH) return Probe.Yes;
      const length = payloadLength(command, toServer);
      at = lf + 1 + Math.max(0, length);
      torn = 0;
      first = false;
      continue;
    }
    if (torn === 0 || !isText(octets, at, lf) || isHttp(octets, at, end)) return Probe.No;
    torn -= 1;
    at = lf + 1;
  }
  if (octets.length >= PROBE_LIMIT) return Probe.No;
  if (at >= octets.length) return Probe.More;
  return torn > 0 || mayBecomeCommand(octets, at) ? textOrNo(octets, at) : Probe.No;
}

/** The first octet decides for nearly all flows of a network. */
function mayBegin(octet: number | undefined, toServer: boolean, midstream: boolean): boolean {
  if (octet === undefined) return true;
  if (midstream) return octet >= 0x20 || octet === CR || octet === LF || octet === 0x09;
  // V, U, A in either case; from the server also I, X and the digits of an error.
  const letter = octet & 0xdf;
  if (letter === 0x56 || letter === 0x55 || letter === 0x41) return true;
  return !toServer && (octet === 0x49 || octet === 0x58 || (octet >= 0x32 && octet <= 0x39));
}

/** A flow that is seen from its beginning starts with one of these. */
function opens(verb: Verb, toServer: boolean): boolean {
  if (verb === VER || verb === USR || verb === ANS) return true;
  return !toServer && (verb === IRO || verb === XFR || (verb >> 16 >= 0x32 && verb >> 16 <= 0x39));
}

function worth(toServer: boolean, midstream: boolean): number {
  const { verb, count } = command;
  switch (verb) {
    case VER:
      return namesVersion() ? ENOUGH : 0;
    case USR:
      if (toServer) return isScheme() ? ENOUGH : command.isAddress(1) && count === 3 ? 2 : 0;
      return command.isParam(1, 'OK') && command.isAddress(2) ? ENOUGH : isScheme() ? 2 : 0;
    case ANS:
      if (!toServer) return command.isParam(1, 'OK') ? 2 : 0;
      return command.isAddress(1) && count === 4 ? ENOUGH : 0;
    case MSG:
      return ENOUGH;
    case XFR:
      if (toServer) return command.isParam(1, 'SB') && count === 2 ? ENOUGH : 0;
      return command.contains(2, COLON) ? ENOUGH : 0;
    case CVR:
    case CAL:
      return toServer && command.isAddress(command.last) ? 2 : 0;
    case IRO:
      return command.isAddress(3) ? ENOUGH : 0;
    case NLN:
      return ENOUGH;
    case ILN:
      return command.isAddress(2) ? ENOUGH : 0;
    case FLN:
    case RNG:
    case UBX:
      return ENOUGH;
    case JOI:
    case BYE:
      return midstream ? ENOUGH : 2;
    case QNG:
      return midstream && count === 1 ? ENOUGH : 1;
    case ADL:
    case RML:
    case UUX:
      return count > 1 ? 2 : 0;
    case INF:
      return 1;
    default:
      return 1;
  }
}

/** `VER t MSNP8 CVR0`, and no MSNFTP. */
function namesVersion(): boolean {
  const start = command.paramStart(1);
  const { buffer } = command;
  if (command.count < 2) return false;
  const isMsnp =
    buffer[start] === 0x4d &&
    buffer[start + 1] === 0x53 &&
    buffer[start + 2] === 0x4e &&
    buffer[start + 3] === 0x50;
  return isMsnp || command.isParam(1, 'CVR0');
}

function isScheme(): boolean {
  return (
    command.isParam(1, 'TWN') ||
    command.isParam(1, 'SSO') ||
    command.isParam(1, 'MD5') ||
    command.isParam(1, 'SHA') ||
    command.isParam(1, 'CKI')
  );
}

/** `POST /x HTTP/1.1`, `HTTP/1.1 200 OK`: what carries MSNP is read by http/. */
function isHttp(octets: Uint8Array, start: number, end: number): boolean {
  return startsWith(octets, start, HTTP) || (end - start > 9 && startsWith(octets, end - 8, HTTP));
}

/** Three letters, a space, and what a line holds. */
function mayBecomeCommand(octets: Uint8Array, at: number): boolean {
  const end = Math.min(octets.length, at + 3);
  for (let i = at; i < end; i++) {
    const octet = octets[i] ?? 0;
    const letter = octet & 0xdf;
    const isWord = (letter >= 0x41 && letter <= 0x5a) || (octet >= 0x30 && octet <= 0x39);
    if (!isWord && !(octet === CR && i === at)) return false;
  }
  const after = octets[at + 3];
  return after === undefined || after === 0x20 || after === 0x09 || after === CR;
}

function textOrNo(octets: Uint8Array, at: number): Probe {
  return isText(octets, at, octets.length) ? Probe.More : Probe.No;
}

function isText(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const octet = octets[i] ?? 0;
    if (octet < 0x20 && octet !== CR && octet !== LF && octet !== 0x09) return false;
  }
  return true;
}
