/**
 * Work in small steps: a generator yields wherever it may be interrupted, and whoever drives it
 * looks at the clock there. A data-plane thread compiles rules so, between two polls of its ring.
 */

export type Steps<T> = Generator<undefined, T, undefined>;

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  return next.value;
}

/** Drives steps in slices of time. */
export class Stepper<T> {
  readonly #steps: Steps<T>;
  #result: { readonly value: T } | undefined;

  constructor(steps: Steps<T>) {
    this.#steps = steps;
  }

  /** Works for about so many microseconds, at least one step; whether all is done. Throws what a step throws. */
  step(budgetMicroseconds: number): boolean {
    if (this.#result !== undefined) return true;
    const end = performance.now() + budgetMicroseconds / 1000;
    do {
      const next = this.#steps.next();
      if (next.done === true) {
        this.#result = { value: next.value };
        return true;
      }
    } while (performance.now() < end);
    return false;
  }

  /** Undefined until all is done. */
  get result(): T | undefined {
    return this.#result?.value;
  }
}
