/**
 * How a refused command vanishes without breaking the framing: its octets become those of a harmless
 * command of the same length. Every octet follows from its place in the unit alone, so that any cut of
 * the unit gives the same.
 *
 * Payloads keep their command line (`head`), so the other side reads as many octets as before.
 */
import { ascii } from '../../src/bytes/text.ts';
import type { Neutraliser, RefusedUnit } from '../contract.ts';

/** `Unit.form`. */
export const Form = {
  /** There is none: the connection is reset. */
  None: -1,
  /** MSG and kin: a message of type text/x-keepalive, which nobody shows. */
  Message: 0,
  /** A line to the notification server: a ping; servers split at white space, so blanks count for nothing. */
  Ping: 1,
  /** A line to the client: an answer to a ping that says 50 seconds. */
  Pong: 2,
  /** A line to the switchboard, which knows no ping: an unacknowledged message without content. */
  Whisper: 3,
  /** A line from the switchboard: the acknowledgement of transaction 0, which no client waits for. */
  Acknowledgement: 4,
  /** ADL, RML: an empty list. */
  EmptyList: 5,
  /** UUX, UBX: no status text. */
  EmptyStatus: 6,
  /** PAG: blanks. */
  Blank: 7,
  /** SDG: routed as before (`head` holds the routing), of a type that nobody shows. */
  Routed: 8,
} as const;
export type Form = (typeof Form)[keyof typeof Form];

const SPACE = 0x20;
const ZERO = 0x30;
const CR = 0x0d;
const LF = 0x0a;

const KEEPALIVE = ascii('MIME-Version: 1.0\r\nContent-Type: text/x-keepalive\r\n\r\n');
const SHORT_KEEPALIVE = ascii('Content-Type: text/x-keepalive\r\n\r\n');
const PING = ascii('PNG');
const PONG = ascii('QNG ');
const ACKNOWLEDGEMENT = ascii('ACK ');
const WHISPER = ascii('MSG 0 U ');
const EMPTY_LIST = ascii('<ml></ml>');
const EMPTY_STATUS = ascii('<Data></Data>');
const ROUTED = ascii('Message-Type: Control/Keepalive\r\nContent-Length: 0\r\nX-Pad: ');
const NOTHING = new Uint8Array(0);

export const neutraliseCommand: Neutraliser = (part, from, unit) => {
  for (let i = 0; i < part.length; i++) {
    const octet = octetAt(from + i, unit);
    if (octet !== -1) part[i] = octet;
  }
};

/** The octet at `at` of the unit, or -1 where it stays. */
function octetAt(at: number, unit: RefusedUnit): number {
  const { form, head, length } = unit;
  switch (form) {
    case Form.Ping:
      return line(at, length, PING, SPACE);
    case Form.Pong:
      return length - at === 4 ? 0x35 : line(at, length, PONG, ZERO);
    case Form.Whisper:
      return whisper(at, length);
    case Form.Acknowledgement:
      return line(at, length, ACKNOWLEDGEMENT, ZERO);
    default:
      return at < head ? -1 : payload(at - head, length === -1 ? -1 : length - head, unit);
  }
}

/** `word`, what fills, and CR LF. */
function line(at: number, length: number, word: Uint8Array, fill: number): number {
  if (length !== -1 && at === length - 1) return LF;
  if (length !== -1 && at === length - 2) return CR;
  return word[at] ?? fill;
}

/**
 * `MSG 0 U nnn` CR LF and as many octets as the three digits say (four for lines beyond a kilobyte).
 * A line too short for that becomes blanks, which are no command anywhere.
 */
function whisper(at: number, length: number): number {
  const digits = length > WHISPER.length + 5 + 999 ? 4 : 3;
  const lineLength = WHISPER.length + digits + 2;
  if (length < lineLength) return line(at, length, NOTHING, SPACE);
  if (at < WHISPER.length) return WHISPER[at] ?? SPACE;
  if (at === lineLength - 2) return CR;
  if (at === lineLength - 1) return LF;
  if (at >= lineLength) return message(at - lineLength, length - lineLength);
  const place = digits - 1 - (at - WHISPER.length);
  return ZERO + (Math.floor((length - lineLength) / 10 ** place) % 10);
}

function payload(at: number, length: number, { form }: RefusedUnit): number {
  switch (form) {
    case Form.EmptyList:
      return xml(at, length, EMPTY_LIST);
    case Form.EmptyStatus:
      return xml(at, length, EMPTY_STATUS);
    case Form.Blank:
      return SPACE;
    case Form.Routed:
      return routed(at, length);
    default:
      return message(at, length);
  }
}

/** Headers as long as they fit, then blanks; what is too short for them is empty lines: a message of no type. */
function message(at: number, length: number): number {
  if (length === -1 || length >= KEEPALIVE.length) return KEEPALIVE[at] ?? SPACE;
  if (length >= SHORT_KEEPALIVE.length) return SHORT_KEEPALIVE[at] ?? SPACE;
  return (length - at) % 2 === 0 ? CR : LF;
}

/** XML readers pass over white space behind the root element. */
function xml(at: number, length: number, element: Uint8Array): number {
  return length === -1 || length >= element.length ? (element[at] ?? SPACE) : SPACE;
}

function routed(at: number, length: number): number {
  if (length !== -1 && at >= length - 4) return (length - at) % 2 === 0 ? CR : LF;
  return length === -1 || length >= ROUTED.length + 4 ? (ROUTED[at] ?? SPACE) : SPACE;
}
