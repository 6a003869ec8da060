/** Lines that are written at once, as entries of the spool. */

import type { SegmentSeal } from './segment-seal.ts';
import { type EntryKind, entrySize, LONGEST_ENTRY, writeEntry } from './spool-entry.ts';

const LINE_FEED = 0x0a;
/** Octets of entries; the last line may go beyond. */
const BLOCK = 2 ** 20;

export interface LineBlock {
  readonly lines: Uint8Array;
  /** Of each line. */
  readonly bounds: readonly (readonly [from: number, to: number])[];
  /** Where the next block begins. */
  readonly end: number;
  /** Lines that are no entries. */
  readonly tooLong: number;
}

/** Of the lines from `start` on, as many as one writing takes. */
export function lineBlock(lines: Uint8Array, start: number): LineBlock {
  const bounds: [from: number, to: number][] = [];
  let length = 0;
  let at = start;
  let tooLong = 0;
  while (at < lines.length && length < BLOCK) {
    const feed = lines.indexOf(LINE_FEED, at);
    const to = feed === -1 ? lines.length : feed;
    if (to - at > LONGEST_ENTRY) tooLong += 1;
    else {
      bounds.push([at, to]);
      length += entrySize(to - at, false);
    }
    at = to + 1;
  }
  return { lines, bounds, end: at, tooLong };
}

/** Octets of its entries. */
export function blockSize({ bounds }: LineBlock, isSealed: boolean): number {
  return bounds.reduce((sum, [from, to]) => sum + entrySize(to - from, isSealed), 0);
}

/** Its entries, numbered from `first` on. */
export function writeBlock(
  { lines, bounds }: LineBlock,
  kind: EntryKind,
  first: number,
  size: number,
  seal: SegmentSeal | undefined,
): Buffer {
  const octets = Buffer.allocUnsafe(size);
  let written = 0;
  for (const [i, [from, to]] of bounds.entries()) {
    written = writeEntry(octets, written, first + i, kind, lines.subarray(from, to), seal);
  }
  return octets;
}
