/**
 * When a gateway recorded, from its ledger: `start`, `stop`, and signs of life between them. Whatever is between
 * the last sign of life and the next start is a time in which nothing was recorded.
 */
export interface NotRunning {
  /** Microseconds since 1970; infinite: before all, or with no end that is known. */
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** Microseconds: a sign of life comes every ten minutes, and takes some time to be recorded. */
const LIFE = 15 * 60e6;

export class RunningTimes {
  #started = false;
  #running = false;
  /** The last moment of which it is known that it ran. */
  #alive = Number.NEGATIVE_INFINITY;

  /** A ledger told of a start: else it is not known when anything ran (recordings were read). */
  get known(): boolean {
    return this.#started;
  }

  /** Ledger entries in their order. undefined: nothing was found to be missing by it. */
  add(what: string, from: number, to: number): NotRunning | undefined {
    if (what === 'start') {
      const before = this.#before(from);
      this.#started = true;
      this.#running = true;
      this.#alive = Math.max(this.#alive, to);
      return before;
    }
    if (!this.#running) return undefined;
    this.#alive = Math.max(this.#alive, to);
    if (what === 'stop') this.#running = false;
    return undefined;
  }

  /** After the last one: `now` in microseconds. */
  end(now: number): NotRunning | undefined {
    if (!this.#started) return undefined;
    if (this.#running && now - this.#alive <= LIFE) return undefined;
    const why = this.#running
      ? 'no sign of life after this: it does not run, or cannot reach the archive'
      : 'the gateway was stopped';
    return { from: this.#alive, to: Number.POSITIVE_INFINITY, why };
  }

  #before(start: number): NotRunning | undefined {
    if (!this.#started) {
      const why = 'before the gateway first started';
      return { from: Number.NEGATIVE_INFINITY, to: start, why };
    }
    if (start <= this.#alive) return undefined; // another gateway records into this archive as well
    const why = this.#running
      ? 'the gateway ended without stopping (power, crash, kill)'
      : 'the gateway was stopped';
    return { from: this.#alive, to: start, why };
  }
}
