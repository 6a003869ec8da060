/**
 * What the lines of one connection have in common, from `service` to `flow`: its members are found once, and then
 * known again by their octets. A third of a line is passed over so.
 */
import { memberPlace } from './event-members.ts';
import { viewOf } from './known-octets.ts';
import { isSameAt, mixed, settled } from './octet-runs.ts';

export const HEAD_FIRST = memberPlace('service');
export const HEAD_LAST = memberPlace('flow');

/** Octets of a head: longer ones are read each time. All of them are 5 MiB. */
const LONGEST = 320;
const HEADS = 16_384;
/** Octets that a head is looked for by: where, in most of them, the connection is named. Shorter ones are read each time. */
const TOLD_FROM = 64;
const TOLD_TO = 128;

export interface LineHead {
  /** 1, 2, 3, …: none is given twice. */
  readonly number: number;
  /** Octets, up to and with the closing brace of `flow`. */
  readonly length: number;
  /** By member from HEAD_FIRST on, where it begins, its value begins and ends: three places each, 0 where it is missing. */
  readonly places: Int32Array;
  /** Where in the line the head was when `places` were found. */
  readonly from: number;
}

const keys = Buffer.alloc(HEADS * LONGEST);
const view = viewOf(keys);
const heads = new Array<LineHead | undefined>(HEADS).fill(undefined);
let last = 0;

/** The head that begins at `from` in a line that ends before `to`. */
export function headAt(line: DataView, from: number, to: number): LineHead | undefined {
  if (to - from < TOLD_TO) return undefined;
  const place = placeOf(line, from);
  const head = heads[place];
  if (head !== undefined && isAt(place, head, line, from, to)) return head;
  const other = heads[place ^ 1];
  return other !== undefined && isAt(place ^ 1, other, line, from, to) ? other : undefined;
}

/** undefined: it is too short or too long to be known again. */
export function rememberHead(
  line: DataView,
  from: number,
  to: number,
  places: Int32Array,
): LineHead | undefined {
  const length = to - from;
  if (length < TOLD_TO || length > LONGEST) return undefined;
  const place = placeOf(line, from);
  // The one used longer ago, or about so, gives way.
  heads[place ^ 1] = heads[place];
  keys.copyWithin((place ^ 1) * LONGEST, place * LONGEST, (place + 1) * LONGEST);
  for (let i = 0; i < length; i++) keys[place * LONGEST + i] = line.getUint8(from + i);
  last += 1;
  const head: LineHead = { number: last, length, places, from };
  heads[place] = head;
  return head;
}

function isAt(place: number, head: LineHead, line: DataView, from: number, to: number): boolean {
  const end = from + head.length;
  return end <= to && isSameAt(view, place * LONGEST, line, from, end);
}

function placeOf(line: DataView, from: number): number {
  return settled(mixed(0, line, from + TOLD_FROM, from + TOLD_TO)) & (HEADS - 1);
}
