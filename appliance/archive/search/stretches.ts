/** A range of records piece by piece, from one end, each longer than the one before: most pages are full after the first. */
import type { SequenceRange } from '../contract.ts';
import type { SearchSizes } from './search-sizes.ts';

export class Stretches {
  #left: SequenceRange | undefined;
  #length: number;
  readonly #sizes: SearchSizes;
  readonly #oldestFirst: boolean;

  constructor(range: SequenceRange, oldestFirst: boolean, sizes: SearchSizes) {
    this.#left = range.first <= range.last ? range : undefined;
    this.#length = sizes.stretch;
    this.#sizes = sizes;
    this.#oldestFirst = oldestFirst;
  }

  /** What was not handed out yet. */
  get left(): SequenceRange | undefined {
    return this.#left;
  }

  /** Nothing outside of `range` is wanted any more. */
  set left(range: SequenceRange | undefined) {
    this.#left = range;
  }

  next(): SequenceRange | undefined {
    if (this.#left === undefined) return undefined;
    const { first, last } = this.#left;
    const length = this.#length;
    this.#length = Math.min(this.#sizes.longest, length * this.#sizes.growth);
    if (last - first < length) {
      this.#left = undefined;
      return { first, last };
    }
    if (this.#oldestFirst) {
      this.#left = { first: first + length, last };
      return { first, last: first + length - 1 };
    }
    this.#left = { first, last: last - length };
    return { first: last - length + 1, last };
  }
}
