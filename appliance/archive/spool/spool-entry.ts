/**
 * One entry of the spool, numbers big-endian:
 *
 *     length   u32   octets of the payload
 *     check    u32   CRC-32 (IEEE 802.3) of number, kind and payload
 *     number   u64   1, 2, 3, … within a generation
 *     kind     u8    1 event, 2 ledger
 *     payload        one line of JSON, without its line feed
 *
 * A check finds damage by accident, not by somebody who wants it: the spool is its owner's alone.
 */
import { crc32 } from 'node:zlib';

export const ENTRY_HEADER = 17;
/** A longer line is no event of ours: a message is bounded by what a parser keeps. */
export const LONGEST_ENTRY = 16 * 2 ** 20;

export const EntryKind = { Event: 1, Ledger: 2 } as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

export interface SpoolEntry {
  readonly number: number;
  readonly kind: EntryKind;
  /** Lent: a view of what was read. */
  readonly payload: Buffer;
  /** Octets of header and payload. */
  readonly size: number;
}

/** Writes the entry at `at` of `target`, which has the room; returns where the next begins. */
export function writeEntry(
  target: Buffer,
  at: number,
  number: number,
  kind: EntryKind,
  payload: Uint8Array,
): number {
  const end = at + ENTRY_HEADER + payload.length;
  target.writeUInt32BE(payload.length, at);
  target.writeUInt32BE(Math.floor(number / 2 ** 32), at + 8);
  target.writeUInt32BE(number >>> 0, at + 12);
  target.writeUInt8(kind, at + 16);
  target.set(payload, at + ENTRY_HEADER);
  target.writeUInt32BE(crc32(target.subarray(at + 8, end)), at + 4);
  return end;
}

/** more: the octets end before the entry does; broken: it is none. */
export type ReadEntry = SpoolEntry | 'more' | 'broken';

export function readEntry(octets: Buffer, at: number): ReadEntry {
  if (octets.length - at < ENTRY_HEADER) return 'more';
  const length = octets.readUInt32BE(at);
  const high = octets.readUInt32BE(at + 8);
  const kind = octets.readUInt8(at + 16);
  if (length > LONGEST_ENTRY || high >= 2 ** 21) return 'broken';
  if (kind !== EntryKind.Event && kind !== EntryKind.Ledger) return 'broken';
  const size = ENTRY_HEADER + length;
  if (octets.length - at < size) return 'more';
  const checked = octets.subarray(at + 8, at + size);
  if (crc32(checked) !== octets.readUInt32BE(at + 4)) return 'broken';
  const number = high * 2 ** 32 + octets.readUInt32BE(at + 12);
  return { number, kind, payload: checked.subarray(ENTRY_HEADER - 8), size };
}
