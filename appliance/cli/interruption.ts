/** Ctrl-C ends a run at the next pause and lets it report; a second one ends the process at once. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const; // 128 + number of the signal

export class Interruption {
  readonly #controller = new AbortController();
  #exitCode = 0;

  constructor() {
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Exit code for the signal that came; 0 when none did. */
  get exitCode(): number {
    return this.#exitCode;
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    const code = name === 'SIGTERM' ? EXIT_CODES.SIGTERM : EXIT_CODES.SIGINT;
    if (this.#exitCode !== 0) process.exit(code);
    this.#exitCode = code;
    this.#controller.abort();
  };
}
