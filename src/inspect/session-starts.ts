/** How sessions start: with room made for them, in the table, and said as what they are. */
import type { ExpectedConnection, ProtocolDefinition } from '../../parsers/contract.ts';
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { LettingGo } from './letting-go.ts';
import type { RegistryView } from './registry-view.ts';
import type { Session } from './session.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionMaker } from './session-maker.ts';
import { recognises, type Sessions } from './sessions.ts';

export interface SessionStartsParts {
  readonly limits: Limits;
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly maker: SessionMaker;
  readonly sessions: Sessions;
  readonly inside: InsideFlows;
  readonly ends: SessionEnds;
  readonly letting: LettingGo;
  readonly counters: InspectCounters;
}

export class SessionStarts {
  readonly #parts: SessionStartsParts;

  constructor(parts: SessionStartsParts) {
    this.#parts = parts;
  }

  /**
   * `before`: the session whose ledger goes on, where the flow was handed over. Undefined: the limit of sessions
   * refused it, and the flow was let go.
   */
  start(
    slot: number,
    definition: ProtocolDefinition,
    flipped: boolean,
    midstream: boolean,
    expected: ExpectedConnection | undefined,
    before?: Session,
  ): Session | undefined {
    const { limits, registry, table, maker, sessions, counters } = this.#parts;
    if (recognises(definition, expected)) {
      this.#parts.ends.makeRoom();
    } else if (sessions.read >= limits.sessions) {
      counters.sessionsRefused += 1;
      this.#parts.letting.letGo(slot);
      return undefined;
    }
    const session = maker.make(slot, definition, flipped, midstream, expected, before?.flow);
    sessions.set(slot, session);
    table.setDisposition(slot, Disposition.Session);
    const isRegistered = registry.named(definition.name) === definition;
    if (definition.tunnel !== true && isRegistered) counters.identified(definition.name);
    const inside = this.#parts.inside.get(slot);
    if (before !== undefined) {
      session.ledger.continueFrom(before.ledger, inside?.isTunnel ? inside.tunnel : '');
    }
    const isRead = definition.opaque !== true && definition.tunnel !== true;
    if (before === undefined || (isRead && inside?.isTunnel === true)) {
      session.identified(midstream, inside?.tunnel);
    }
    return session;
  }
}
