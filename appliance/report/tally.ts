/** Counts by name, bounded: names beyond the limit are counted together. */
import { kept } from './kept.ts';

const NAME_CODE_UNITS = 120;

export class Tally {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  /** Counted under names that found no place. */
  others = 0;
  total = 0;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  add(name: string, amount = 1): void {
    this.total += amount;
    const key = name.length > NAME_CODE_UNITS ? kept(name, NAME_CODE_UNITS) : name;
    const count = this.#counts.get(key);
    if (count !== undefined) this.#counts.set(key, count + amount);
    else if (this.#counts.size < this.#limit) this.#counts.set(kept(key, NAME_CODE_UNITS), amount);
    else this.others += amount;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** Most frequent first, then by name. */
  entries(): [name: string, count: number][] {
    return [...this.#counts]
      .filter(([, count]) => count > 0)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}
