/** Several sinks as one: each takes the lines for itself, and what one loses the others do not. */
import type { EventsSink } from './event-pump.ts';

export class EventSinks implements EventsSink {
  readonly #sinks: readonly EventsSink[];

  constructor(sinks: readonly EventsSink[]) {
    this.#sinks = sinks;
  }

  /** Of those that are files for others: the archive tells of its own. */
  get lost(): number {
    return this.#sinks.reduce((sum, { lost = 0 }) => sum + lost, 0);
  }

  /** Resolves when none needs them any more. */
  async write(lines: Uint8Array): Promise<void> {
    await Promise.allSettled(this.#sinks.map((sink) => sink.write(lines)));
  }
}
