/** Which records a purge or an erasure took, as its audit record names them (AbsenceDetails). */
import { createHash } from 'node:crypto';
import type { AbsenceDetails } from '../contract.ts';

/** Ranges of one audit record: 1000 of them are below 40 kB, whatever the numbers. */
export const MOST_RANGES = 1000;

/** Consecutive numbers. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

export interface Leaf {
  readonly sequence: number;
  readonly leaf: Uint8Array;
}

/** `leaves` in ascending order. */
export function absenceOf(leaves: readonly Leaf[]): AbsenceDetails {
  const digest = createHash('sha256');
  for (const { leaf } of leaves) digest.update(leaf);
  return {
    ranges: runsOf(leaves).map(({ first, last }) =>
      first === last ? `${first}` : `${first}-${last}`,
    ),
    count: leaves.length,
    leaves: digest.digest('hex'),
  };
}

export function runsOf(records: readonly { readonly sequence: number }[]): Run[] {
  const runs: { first: number; last: number }[] = [];
  for (const { sequence } of records) {
    const run = runs.at(-1);
    if (run !== undefined && run.last + 1 === sequence) run.last = sequence;
    else runs.push({ first: sequence, last: sequence });
  }
  return runs;
}

/** In parts that one audit record can name. */
export function* partsOf<T extends { readonly sequence: number }>(
  records: readonly T[],
): Iterable<T[]> {
  let part: T[] = [];
  let runs = 0;
  let last = Number.NaN;
  for (const record of records) {
    if (record.sequence !== last + 1) runs += 1;
    if (runs > MOST_RANGES) {
      yield part;
      part = [];
      runs = 1;
    }
    part.push(record);
    last = record.sequence;
  }
  if (part.length > 0) yield part;
}
