/** Times of recording that go back: the clock of the machine was set, which breaks nothing and must be said. */

/** Milliseconds that clocks are set by as a matter of course, and processes that append at once may differ. */
const TOLERATED = 60_000;

export interface SetBack {
  /** The first record that was recorded "before" the one before it. */
  readonly sequence: number;
  readonly seconds: number;
  /** How often it was set back. */
  readonly times: number;
}

export class ClockCheck {
  #before = Number.NEGATIVE_INFINITY;
  #setBack: SetBack | undefined;

  get setBack(): SetBack | undefined {
    return this.#setBack;
  }

  /** `at`: RFC 3339, of each record in turn; what is no time is left out. */
  add(sequence: number, at: string): void {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return;
    const back = this.#before - time;
    this.#before = time;
    if (back <= TOLERATED) return;
    const { times, ...first } = this.#setBack ?? { sequence, seconds: back / 1000, times: 0 };
    this.#setBack = { ...first, times: times + 1 };
  }
}
