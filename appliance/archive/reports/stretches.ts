/**
 * Time that somebody spent: from the first to the last act of each stretch without five minutes of silence.
 * A single act is no time. What the person read, or typed and did not send, is not seen.
 */

/** Microseconds of silence that end a stretch. */
export const SILENCE = 300e6;

export class Stretches {
  #last = Number.NaN;
  /** Stretches begun. */
  count = 0;

  /** Microseconds to be added for this act, which is not before the last one. */
  act(time: number): number {
    const since = time - this.#last;
    this.#last = time;
    if (since >= 0 && since <= SILENCE) return since;
    this.count += 1;
    return 0;
  }
}
