/** Flows that are not read on although they could be: something failed over them, or who carries their packets gave up. */
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import type { AnnouncedFlows } from './announced-flows.ts';
import type { Identification } from './identification.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { LettingGo } from './letting-go.ts';
import type { ParserMemory } from './parser-memory.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface GivingUpParts {
  readonly table: FlowTable;
  readonly sessions: Sessions;
  readonly identification: Identification;
  readonly announced: AnnouncedFlows;
  readonly memory: ParserMemory;
  readonly letting: LettingGo;
  readonly counters: InspectCounters;
  /** Hears what was thrown; absent: it is thrown on. */
  readonly onFailure?: ((slot: number, error: unknown) => void) | undefined;
}

export class GivingUp {
  readonly #parts: GivingUpParts;

  constructor(parts: GivingUpParts) {
    this.#parts = parts;
  }

  /** Whatever failed, failed over this flow: others are read on. */
  failed(slot: number, error: unknown): void {
    const { onFailure, table, sessions, identification, announced, counters } = this.#parts;
    if (onFailure === undefined) throw error;
    counters.failures += 1;
    identification.forget(slot);
    announced.forget(slot);
    const session = sessions.get(slot);
    if (session === undefined) table.setDisposition(slot, Disposition.LetGo);
    else {
      try {
        session.goOpaque('internal error');
      } catch {
        // Who hears the events may be what failed.
      }
      this.#opaque(slot, session);
    }
    onFailure(slot, error);
  }

  /** For this reason, which is said of a flow that is read. */
  giveUp(slot: number, reason: string): void {
    const { sessions, letting, counters } = this.#parts;
    const session = sessions.get(slot);
    if (session === undefined) {
      letting.letGo(slot);
      return;
    }
    if (!session.reading) return;
    counters.parserMemoryRefused += 1;
    try {
      session.goOpaque(reason);
    } catch (error) {
      this.failed(slot, error);
    }
    this.#opaque(slot, session);
  }

  #opaque(slot: number, session: Session): void {
    this.#parts.memory.measure(session);
    this.#parts.table.setDisposition(slot, Disposition.Opaque);
  }
}
