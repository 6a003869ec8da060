/** What the parsers hold together, as each was last measured: nothing is walked. */
import type { Limits } from '../limits.ts';
import type { Session } from './session.ts';

export class ParserMemory {
  octets = 0;
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** More than Limits.parserOctets. */
  get isOver(): boolean {
    return this.octets > this.#limits.parserOctets;
  }

  /** The session was fed, or stopped reading. */
  measure(session: Session): void {
    this.octets += session.growth();
  }

  /** The session is no more. */
  release(session: Session): void {
    this.octets -= session.measured;
  }
}
