/**
 * Octets to the sessions of their flows, and what becomes of a flow that its session reads no more: it is counted to
 * its end, let go, or goes on as something else.
 */
import { ANY_PROTOCOL, type Direction } from '../../parsers/contract.ts';
import type { GapCause } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Limits } from '../limits.ts';
import type { Found } from './identification.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { LettingGo } from './letting-go.ts';
import type { ParserMemory } from './parser-memory.ts';
import type { RegistryView } from './registry-view.ts';
import type { HandOver, Session } from './session.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionStarts } from './session-starts.ts';
import type { Sessions } from './sessions.ts';

export interface SessionFeedParts {
  readonly limits: Limits;
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly sessions: Sessions;
  readonly inside: InsideFlows;
  readonly memory: ParserMemory;
  readonly starts: SessionStarts;
  readonly ends: SessionEnds;
  readonly letting: LettingGo;
  readonly counters: InspectCounters;
  /** Octets that the streams delivered of the flow under the hand and that are not handed on yet. */
  readonly ahead: [number, number];
  /** Looks at octets of a flow that has no session, or none any more. */
  readonly identify: (slot: number, direction: Direction, octets: Uint8Array) => void;
}

export class SessionFeed {
  readonly #parts: SessionFeedParts;
  readonly #sessions: Sessions;
  readonly #memory: ParserMemory;
  readonly #ahead: [number, number];

  constructor(parts: SessionFeedParts) {
    this.#parts = parts;
    this.#sessions = parts.sessions;
    this.#memory = parts.memory;
    this.#ahead = parts.ahead;
  }

  /** The streams deliver anew. */
  begin(): void {
    this.#ahead[0] = this.#ahead[1] = 0;
  }

  deliver(slot: number, direction: Direction, octets: Uint8Array): void {
    const session = this.#sessions.get(slot);
    if (session === undefined) this.#parts.identify(slot, direction, octets);
    else {
      session.data(direction, octets);
      this.#settle(slot, session);
    }
  }

  /** False where the flow has no session. */
  gap(slot: number, direction: Direction, octets: number, cause: GapCause): boolean {
    const session = this.#sessions.get(slot);
    if (session === undefined) return false;
    session.gap(direction, octets, cause);
    this.#settle(slot, session);
    return true;
  }

  /** Hands on what was kept, and then the octets under the hand. */
  replay(
    slot: number,
    replay: Found['replay'],
    direction: Direction | undefined,
    octets: Uint8Array | undefined,
  ): void {
    const runs: [Direction, Uint8Array][] = [];
    replay((d, run) => runs.push([d, run]));
    if (direction !== undefined && octets !== undefined) runs.push([direction, octets]);
    for (const [d, run] of runs) this.#ahead[d] += run.length;
    for (const [d, run] of runs) {
      this.#ahead[d] -= run.length;
      this.deliver(slot, d, run);
    }
  }

  /** Keeps parsers within their memory; one that stopped reading frees the streams below. */
  #settle(slot: number, session: Session): void {
    const memory = this.#memory;
    memory.measure(session);
    if (memory.isOver) this.#parts.ends.freeMemory(slot);
    if (session.reading && memory.isOver) {
      this.#parts.counters.parserMemoryRefused += 1;
      session.goOpaque('memory limit');
      memory.measure(session);
    }
    if (session.reading || this.#sessions.get(slot) !== session) return;
    const given = session.takeHandOver();
    if (given === undefined) this.#settled(slot, session);
    else this.#handOver(slot, session, given);
  }

  /** It stopped reading, and nobody reads on. */
  #settled(slot: number, session: Session): void {
    const { table, ends, letting } = this.#parts;
    if (session.quiet && session.expected === undefined) {
      ends.dismiss(slot, session);
      if (session.definition.repeats === true) table.setDisposition(slot, Disposition.Undecided);
      else letting.letGo(slot);
      return;
    }
    table.setDisposition(slot, session.opaque ? Disposition.Opaque : Disposition.LetGo);
    ends.keepToTellItsEnd(slot);
  }

  /** A parser's flow goes on as something else. */
  #handOver(slot: number, session: Session, { protocol, reason, rest }: HandOver): void {
    const { limits, registry, table, inside, ends, starts, counters } = this.#parts;
    // A datagram that is somebody else's goes on whole: nothing is inside anything.
    const isNext = protocol === ANY_PROTOCOL && table.transport(slot) === UDP;
    const depth = inside.depthAfter(slot, isNext);
    if (depth > limits.tunnelDepth) {
      counters.tunnelsTooDeep += 1;
      session.goOpaque('tunnels in tunnels');
      table.setDisposition(slot, Disposition.Opaque);
      return;
    }
    ends.dismiss(slot, session);
    const before = inside.enter(slot, session, reason, depth);
    if (protocol === ANY_PROTOCOL) table.setDisposition(slot, Disposition.Undecided);
    else {
      const definition = registry.named(protocol);
      if (definition === undefined) return;
      const { flipped, expected } = session;
      if (starts.start(slot, definition, flipped, false, expected, before) === undefined) return;
    }
    for (const direction of [0, 1] as const) this.#ahead[direction] += rest[direction]?.length ?? 0;
    for (const direction of [0, 1] as const) {
      const octets = rest[direction];
      if (octets === undefined || octets.length === 0) continue;
      this.#ahead[direction] -= octets.length;
      this.deliver(slot, direction, octets);
    }
  }
}
