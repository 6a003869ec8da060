/** The time of an event, as encodeEvent writes it: many events to the day. */
import { parseRfc3339 } from '../../../src/event/time.ts';

/** `2026-11-23T05:00:00.123456Z` */
const WRITTEN_LENGTH = 27;
const DATE_LENGTH = 10;

/** Of the last event; at first none, which no text is equal to. */
const date = Buffer.alloc(DATE_LENGTH, 0xff);
let midnight = 0;
const scratch = Buffer.alloc(WRITTEN_LENGTH);

/** Microseconds since 1970, or undefined when it is no RFC 3339 time. */
export function eventTime(text: string): number | undefined {
  if (text.length !== WRITTEN_LENGTH) return parseRfc3339(text);
  for (let i = 0; i < WRITTEN_LENGTH; i++) {
    const c = text.charCodeAt(i);
    if (c > 0x7f) return undefined;
    scratch[i] = c;
  }
  return eventTimeAt(scratch, 0, WRITTEN_LENGTH);
}

/** The same of the octets from `from` up to `to`. */
export function eventTimeAt(octets: Buffer, from: number, to: number): number | undefined {
  const inDay = to - from === WRITTEN_LENGTH ? microsecondsOfDay(octets, from) : undefined;
  if (inDay === undefined) return parseRfc3339(octets.toString('utf8', from, to));
  if (!isSameDate(octets, from)) {
    const day = octets.toString('latin1', from, from + DATE_LENGTH);
    const begin = parseRfc3339(`${day}T00:00:00Z`);
    if (begin === undefined) return undefined;
    octets.copy(date, 0, from, from + DATE_LENGTH);
    midnight = begin;
  }
  return midnight + inDay;
}

function isSameDate(octets: Buffer, from: number): boolean {
  for (let i = DATE_LENGTH - 1; i >= 0; i--) if (octets[from + i] !== date[i]) return false;
  return true;
}

/** Of `…T05:00:00.123456Z`; undefined where it is written otherwise. */
function microsecondsOfDay(octets: Buffer, from: number): number | undefined {
  const hour = digits(octets, from + 11, 2);
  const minute = digits(octets, from + 14, 2);
  const second = digits(octets, from + 17, 2);
  const fraction = digits(octets, from + 20, 6);
  const isTime = hour < 24 && minute < 60 && second < 60 && fraction < 1e6;
  const isWritten =
    octets[from + 10] === 0x54 && // T
    octets[from + 13] === 0x3a &&
    octets[from + 16] === 0x3a &&
    octets[from + 19] === 0x2e &&
    octets[from + 26] === 0x5a; // Z
  return isTime && isWritten ? (hour * 3600 + minute * 60 + second) * 1e6 + fraction : undefined;
}

/** NaN where they are none. */
function digits(octets: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (octets[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
