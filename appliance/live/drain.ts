/** When a worker that was told to stop has taken what waited for it, or has tried for long enough. */

/** Milliseconds: until a ring hands over what it has begun to fill; and at most. */
const LEAST = 30;
const MOST = 500;

export class Drain {
  #began: number | undefined;

  begin(): void {
    this.#began ??= performance.now();
  }

  /** `fill`: how full the rings are. */
  over(fill: () => number): boolean {
    if (this.#began === undefined) return false;
    const since = performance.now() - this.#began;
    return since >= MOST || (since >= LEAST && fill() === 0);
  }
}
