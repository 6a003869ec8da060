/**
 * One entry of the spool, numbers big-endian:
 *
 *     length   u32   octets of the payload
 *     check    u32   CRC-32 (IEEE 802.3) of number, kind and payload
 *     number   u64   1, 2, 3, … within a generation
 *     kind     u8    1 event, 2 ledger
 *     payload        one line of JSON, without its line feed; in a sealed segment: segment-seal.ts
 *
 * A check finds damage by accident, not by somebody who wants it: the spool is its
 * owner's alone. Where it is sealed, number, kind and payload are authenticated too.
 */
import { crc32 } from 'node:zlib';
import { SEAL_OCTETS, type SegmentSeal } from './segment-seal.ts';

export const ENTRY_HEADER = 17;
/** A longer line is no event of ours: a message is bounded by what a parser keeps. */
export const LONGEST_ENTRY = 16 * 2 ** 20;
/** As it is stored. */
export const LONGEST_STORED = LONGEST_ENTRY + SEAL_OCTETS;
const NUMBER_AT = 8;

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

/** Octets that the entry of a line of so many is stored in. */
export function entrySize(length: number, isSealed: boolean): number {
  return ENTRY_HEADER + length + (isSealed ? SEAL_OCTETS : 0);
}

/** Writes the entry at `at` of `target`, which has the room; returns where the next begins. */
export function writeEntry(
  target: Buffer,
  at: number,
  number: number,
  kind: EntryKind,
  payload: Uint8Array,
  seal?: SegmentSeal,
): number {
  const payloadAt = at + ENTRY_HEADER;
  const end = at + entrySize(payload.length, seal !== undefined);
  target.writeUInt32BE(end - payloadAt, at);
  target.writeUInt32BE(Math.floor(number / 2 ** 32), at + 8);
  target.writeUInt32BE(number >>> 0, at + 12);
  target.writeUInt8(kind, at + 16);
  const numberAt = at + NUMBER_AT;
  if (seal === undefined) target.set(payload, payloadAt);
  else seal.seal(target, payloadAt, target.subarray(numberAt, payloadAt), payload);
  target.writeUInt32BE(crc32(target.subarray(numberAt, end)), at + 4);
  return end;
}

/** more: the octets end before the entry does; broken: it is none. */
export type ReadEntry = SpoolEntry | 'more' | 'broken';

/** `seal`: of the segment it is in, where that is sealed. */
export function readEntry(octets: Buffer, at: number, seal?: SegmentSeal): ReadEntry {
  if (octets.length - at < ENTRY_HEADER) return 'more';
  const length = octets.readUInt32BE(at);
  const high = octets.readUInt32BE(at + 8);
  const kind = octets.readUInt8(at + 16);
  const longest = seal === undefined ? LONGEST_ENTRY : LONGEST_STORED;
  if (length > longest || high >= 2 ** 21) return 'broken';
  if (kind !== EntryKind.Event && kind !== EntryKind.Ledger) return 'broken';
  const size = ENTRY_HEADER + length;
  if (octets.length - at < size) return 'more';
  const checked = octets.subarray(at + NUMBER_AT, at + size);
  if (crc32(checked) !== octets.readUInt32BE(at + 4)) return 'broken';
  const number = high * 2 ** 32 + octets.readUInt32BE(at + 12);
  const boundOctets = ENTRY_HEADER - NUMBER_AT;
  const stored = checked.subarray(boundOctets);
  const payload = seal === undefined ? stored : seal.open(checked.subarray(0, boundOctets), stored);
  return payload === undefined ? 'broken' : { number, kind, payload, size };
}
