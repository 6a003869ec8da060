/** Whether the writer runs on, or has been told to end and by when; and its pauses, which that cuts short. */
export class DrainClock {
  /** performance.now() by which it must have ended; undefined: it runs on. */
  #stopAt: number | undefined;
  #wake: () => void = () => undefined;

  get isStopping(): boolean {
    return this.#stopAt !== undefined;
  }

  /** Milliseconds until it must have ended. */
  get left(): number {
    return this.#stopAt === undefined ? Infinity : Math.max(0, this.#stopAt - performance.now());
  }

  stop(within: number): void {
    this.#stopAt = performance.now() + within;
    this.#wake();
  }

  /** Something came. */
  wake(): void {
    this.#wake();
  }

  /** For so long; true: cut short, by the end, or where `early` by what came. */
  rest(milliseconds: number, early: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (woken: boolean) => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve(woken);
      };
      const timer = setTimeout(() => done(false), milliseconds);
      this.#wake = () => {
        if (early || this.isStopping) done(true);
      };
    });
  }
}
