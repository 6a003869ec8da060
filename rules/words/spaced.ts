/**
 * Closes up spaced-out words: `f a l c o n`, `f.a.l.c.o.n`, `f - a`. A run is three or more
 * single letters or digits with separators between them, the same number each time.
 */
import { isWordUnit } from './fold.ts';

const LEAST = 3; // letters; two are an abbreviation
const WIDEST = 3; // separator units between two letters

function isSeparator(unit: number): boolean {
  return unit < 0x80 ? unit >= 0x20 && !isWordUnit(unit) : unit === 0xb7 || unit === 0x2022;
}

/**
 * Copies `units[0, length)` to `out` with every run closed up, and the index of each unit's origin
 * to `origins` if given. Returns the new length, which is `length` when there was no run.
 */
export function closeUp(
  units: Uint16Array,
  length: number,
  out: Uint16Array,
  origins?: Uint32Array,
): number {
  let written = 0;
  let at = 0;
  while (at < length) {
    const end = startsRun(units, at, length) ? runEnd(units, at, length) : at;
    for (const from = at; at < Math.max(end, from + 1); at++) {
      const unit = units[at] ?? 0;
      if (end > from && !isWordUnit(unit)) continue;
      out[written] = unit;
      if (origins !== undefined) origins[written] = at;
      written++;
    }
  }
  return written;
}

/** Whether there are enough single letters for a run: false for almost every text, and cheap. */
export function mayHaveRun(units: Uint16Array, length: number): boolean {
  let singles = 0;
  let before = false;
  let here = length > 0 && isWordUnit(units[0] ?? 0);
  for (let i = 1; i <= length; i++) {
    const after = i < length && isWordUnit(units[i] ?? 0);
    if (here && !before && !after && ++singles >= LEAST) return true;
    before = here;
    here = after;
  }
  return false;
}

function startsRun(units: Uint16Array, at: number, length: number): boolean {
  return (
    isWordUnit(units[at] ?? 0) &&
    (at === 0 || !isWordUnit(units[at - 1] ?? 0)) &&
    at + 1 < length &&
    isSeparator(units[at + 1] ?? 0)
  );
}

/** The end of the run that starts at `at`, or `at` when it is too short. */
function runEnd(units: Uint16Array, at: number, length: number): number {
  let width = 0;
  let letters = 1;
  let end = at + 1; // after the last letter
  while (true) {
    let next = end;
    while (next < length && next - end < WIDEST && isSeparator(units[next] ?? 0)) next++;
    const gap = next - end;
    if (gap === 0 || (width > 0 && gap !== width)) break;
    if (next >= length || !isWordUnit(units[next] ?? 0)) break;
    if (next + 1 < length && isWordUnit(units[next + 1] ?? 0)) break; // a whole word follows
    width = gap;
    letters++;
    end = next + 1;
  }
  return letters >= LEAST ? end : at;
}
