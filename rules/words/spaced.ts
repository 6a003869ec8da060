/**
 * Closes up spaced-out words: `f a l c o n`, `f.a.l.c.o.n`, `f - a`. A run is three or more
 * single letters or digits with separators between them, the same number each time. Where one word
 * ends and the next begins cannot be seen in a run: a word may begin and end at any of its letters.
 */
import { isWordUnit } from './fold.ts';

const LEAST = 3; // letters; two are an abbreviation
const WIDEST = 3; // separator units between two letters

function isSeparator(unit: number): boolean {
  return unit < 0x80 ? unit >= 0x20 && !isWordUnit(unit) : unit === 0xb7 || unit === 0x2022;
}

/** A text with its runs closed up; reused. */
export class ClosedUp {
  units: Uint16Array = new Uint16Array(256);
  length = 0;
  /** 1 where the unit is a letter of a run. */
  inRun: Uint8Array = new Uint8Array(256);
  /** Index in the text that was closed up. */
  origins: Uint32Array = new Uint32Array(256);

  /** Closes up `units[0, length)`; whether there was a run. */
  closeUp(units: Uint16Array, length: number): boolean {
    this.length = 0;
    if (!mayHaveRun(units, length)) return false;
    if (this.units.length < length) this.#grow(units.length);
    let at = 0;
    while (at < length) {
      const end = startsRun(units, at, length) ? runEnd(units, at, length) : at;
      if (end === at) this.#put(units, at++, 0);
      for (; at < end; at++) if (isWordUnit(units[at] ?? 0)) this.#put(units, at, 1);
    }
    return this.length < length;
  }

  /** Gives back the memory of an unusually long text. */
  trim(): void {
    if (this.units.length > 1 << 16) this.#grow(256);
  }

  #put(units: Uint16Array, at: number, inRun: number): void {
    this.units[this.length] = units[at] ?? 0;
    this.inRun[this.length] = inRun;
    this.origins[this.length++] = at;
  }

  #grow(size: number): void {
    this.units = new Uint16Array(size);
    this.inRun = new Uint8Array(size);
    this.origins = new Uint32Array(size);
  }
}

/** Whether there are enough single letters for a run: false for almost every text, and cheap. */
function mayHaveRun(units: Uint16Array, length: number): boolean {
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
