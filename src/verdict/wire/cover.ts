/** A range of one direction's octets that goes on changed: a refused unit, or text that is masked. */
import type { Neutralise, TextRange } from '../subject.ts';

export interface Cover {
  /** Sequence numbers [start, end). */
  readonly start: number;
  readonly end: number;
  /** Changes `part`, which lies at [from, from + part.length) of the range. */
  apply(part: Uint8Array, from: number): void;
}

export function refusedUnit(
  start: number,
  end: number,
  direction: 0 | 1,
  head: number,
  form: number,
  neutralise: Neutralise,
): Cover {
  const unit = { direction, length: (end - start) | 0, head, form };
  return { start, end, apply: (part, from) => neutralise(part, from, unit) };
}

const MASK = 0x2a; // '*'

/** Text at [start, end) of which `ranges`, octets, are masked. */
export function maskedText(start: number, end: number, ranges: readonly TextRange[]): Cover {
  return {
    start,
    end,
    apply(part, from) {
      for (const range of ranges) {
        const last = Math.min(part.length, range.end - from);
        for (let i = Math.max(0, range.start - from); i < last; i++) {
          if (part[i] !== 0x20 && part[i] !== 0x09) part[i] = MASK;
        }
      }
    },
  };
}
