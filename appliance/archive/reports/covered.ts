/** How long at least one of several connections was open: their union. They are told of when they end. */

/** Intervals kept apart. What a connection covers before the oldest of them is not counted any more. */
const MOST = 64;

export class Covered {
  /** Disjoint, in order. */
  readonly #intervals: [from: number, to: number][] = [];
  #settledUntil = Number.NEGATIVE_INFINITY;

  /** Intervals come in the order of their ends. What the union grew by, in the unit of the times. */
  add(from: number, to: number): number {
    let start = Math.max(Math.min(from, to), this.#settledUntil);
    if (start >= to) return 0;
    let known = 0;
    for (;;) {
      const last = this.#intervals.at(-1);
      if (last === undefined || last[1] < start) break;
      start = Math.min(start, last[0]);
      known += last[1] - last[0];
      this.#intervals.pop();
    }
    const end = Math.max(to, start + known);
    this.#intervals.push([start, end]);
    if (this.#intervals.length > MOST) this.#settledUntil = this.#intervals.shift()?.[1] ?? start;
    return Math.max(0, end - start - known);
  }
}
