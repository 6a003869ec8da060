/**
 * How sessions end: with their flow, unheard, or before their flow for want of room. What waits to be recognised
 * makes room first, then what was recognised and is kept to tell its end; of either the oldest.
 */
import { Disposition } from '../flow/disposition.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import type { EndCause } from '../stream/listener.ts';
import { isEmpty, packetTotals } from './flow-ends.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { ParserMemory } from './parser-memory.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface SessionEndsParts {
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly sessions: Sessions;
  readonly inside: InsideFlows;
  readonly memory: ParserMemory;
  readonly limits: Limits;
  readonly counters: InspectCounters;
  readonly now: () => number;
  /** Hears what was thrown while a session said its end. */
  readonly failed: (slot: number, error: unknown) => void;
}

export class SessionEnds {
  readonly #parts: SessionEndsParts;

  constructor(parts: SessionEndsParts) {
    this.#parts = parts;
  }

  /** The flow is over, or is said to be. */
  close(slot: number, session: Session, cause: EndCause): void {
    const { table, expected, now } = this.#parts;
    this.dismiss(slot, session);
    if (session.expected !== undefined && isEmpty(table, slot)) {
      // Refused or never answered: the announcement stands for the next attempt.
      expected.restore(session.expected, now());
    }
    session.close(packetTotals(table, slot, session.flipped), cause);
  }

  /** A session that has said nothing, and will not; or one whose flow another goes on with. */
  dismiss(slot: number, session: Session): void {
    this.#parts.sessions.delete(slot);
    this.#parts.memory.release(session);
  }

  /** So that one more flow can be recognised. */
  makeRoom(): void {
    const { sessions, limits } = this.#parts;
    for (const other of sessions.recognisersBeyond(limits.recognisers)) this.#endUnheard(other);
  }

  /** Of flows that are known and not read only the ledger is kept. */
  keepToTellItsEnd(slot: number): void {
    const { sessions, limits, counters } = this.#parts;
    sessions.settled(slot);
    for (const other of sessions.recognisedBeyond(limits.recognisedFlows)) {
      counters.recognisedEnded += 1;
      this.#endEarly(other);
    }
  }

  /** What waits to be recognised goes, before anything is not read on; not the flow under the hand. */
  freeMemory(slot: number): void {
    const { sessions, memory } = this.#parts;
    for (let before = -1; memory.isOver && sessions.size !== before; ) {
      before = sessions.size;
      for (const other of sessions.oldestRecognisers()) {
        if (other !== slot) this.#endUnheard(other);
      }
    }
  }

  #endUnheard(slot: number): void {
    this.#parts.counters.recognisersEnded += 1;
    this.#endEarly(slot);
  }

  /** Its flow goes on, and nothing more is said of it. */
  #endEarly(slot: number): void {
    const { table, sessions, inside, failed } = this.#parts;
    const session = sessions.get(slot);
    if (session === undefined) return;
    inside.forget(slot);
    try {
      this.close(slot, session, 'evicted');
    } catch (error) {
      failed(slot, error);
    }
    const after = session.opaque ? Disposition.Opaque : Disposition.LetGo;
    const isRead = session.definition.repeats === true;
    table.setDisposition(slot, isRead ? Disposition.Undecided : after);
  }
}
