/**
 * Which flows are IM, and one session for each that is. Hears the streams, drives the parsers.
 *
 * Flows that are not IM cost one look at their first octets; after that the streams below deliver
 * nothing more of them.
 */
import type {
  Direction,
  ExpectedConnection,
  FlowContext,
  ProtocolDefinition,
} from '../../parsers/contract.ts';
import type { GapCause, ImEvent, VerdictRecord } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import type { EndCause, FlowDirection, StreamListener } from '../stream/listener.ts';
import type { Enforcement } from '../verdict/enforcement.ts';
import type { Judge } from '../verdict/judge.ts';
import { Candidates, Look, nobodyWants } from './candidates.ts';
import { ContentHash } from './content-hash.ts';
import { EventStamp } from './event-stamp.ts';
import { flowEnds, flowReference, isEmpty, packetTotals } from './flow-ends.ts';
import { FlowMemory } from './flow-memory.ts';
import type { SessionHost } from './host.ts';
import { InspectCounters } from './inspect-counters.ts';
import type { RegistryView } from './registry-view.ts';
import { Session } from './session.ts';

/** Where the inspection finds out about the packet under the hand. */
export interface PacketClock {
  /** Microseconds since 1970. */
  readonly time: Float64Array;
  /** Capture position, counted from 1. */
  readonly frame: number;
}

export interface InspectorParts {
  readonly limits: Limits;
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  readonly clock: PacketClock;
  readonly judge: Judge;
  readonly enforcement: Enforcement;
  readonly followContent: boolean;
  readonly onEvent: (event: ImEvent) => void;
}

export class Inspector implements StreamListener, SessionHost {
  readonly counters = new InspectCounters();
  /** Name of the capture being read, stamped on events. */
  capture: string | undefined = undefined;
  readonly #parts: InspectorParts;
  readonly #table: FlowTable;
  readonly #clock: PacketClock;
  readonly #stamp = new EventStamp();
  readonly #memory: FlowMemory;
  readonly #candidates = new Map<number, Candidates>();
  readonly #sessions = new Map<number, Session>();
  /** What the parsers hold, as last measured, octets. */
  #parserOctets = 0;

  constructor(parts: InspectorParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#clock = parts.clock;
    this.#memory = new FlowMemory(parts.limits.sharedMemoryEntries);
  }

  /** Flows that are read, were read, or became opaque, and are still in the table. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Memory held by parsers and probes, octets. Walks all sessions: for tests and metrics. */
  held(): number {
    let octets = 0;
    for (const session of this.#sessions.values()) octets += session.held();
    for (const candidates of this.#candidates.values()) octets += candidates.octets;
    return octets;
  }

  opened(slot: number): void {
    if (this.#parts.expected.size > 0 && this.#wasAnnounced(slot)) return;
    const transport = this.#table.transport(slot);
    if (this.#parts.registry.probed(transport).length === 0) {
      this.#letGo(slot);
    }
  }

  data(
    slot: number,
    direction: FlowDirection,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const octets = buffer.subarray(start, end);
    const session = this.#sessions.get(slot);
    if (session === undefined) this.#identify(slot, direction, octets);
    else {
      session.data(direction, octets);
      this.#settle(slot, session);
    }
  }

  gap(slot: number, direction: FlowDirection, octets: number, cause: GapCause): void {
    const session = this.#sessions.get(slot);
    if (session !== undefined) {
      session.gap(direction, octets, cause);
      this.#settle(slot, session);
      return;
    }
    let candidates = this.#candidates.get(slot);
    if (candidates === undefined) {
      candidates = this.#newCandidates(slot);
      if (!this.#keep(slot, candidates)) return;
    }
    candidates.gap(direction, octets);
  }

  ended(slot: number, direction: FlowDirection, _cause: EndCause): void {
    const candidates = this.#candidates.get(slot);
    if (candidates !== undefined && candidates.lastLook() === Look.Found) {
      this.#open(slot, candidates);
    }
    this.#sessions.get(slot)?.end(direction);
  }

  closed(slot: number, cause: EndCause): void {
    if (this.#candidates.delete(slot)) this.counters.undecided += 1;
    const session = this.#sessions.get(slot);
    if (session === undefined) return;
    this.#sessions.delete(slot);
    this.#parserOctets -= session.measured;
    const table = this.#table;
    if (session.expected !== undefined && isEmpty(table, slot)) {
      // Refused or never answered: the announcement stands for the next attempt.
      this.#parts.expected.add(session.expected, this.now());
    }
    session.close(packetTotals(table, slot, session.flipped), cause);
  }

  anomaly(slot: number, direction: FlowDirection, name: string): void {
    const session = this.#sessions.get(slot);
    if (session === undefined) this.count(name);
    else session.anomaly(name, direction);
  }

  now(): number {
    return this.#clock.time[0] ?? 0;
  }

  emit(event: ImEvent): VerdictRecord {
    event.time = this.now();
    event.packet = this.#clock.frame;
    event.capture = this.capture;
    event.id = this.#stamp.id(event.time);
    const verdict = this.#parts.enforcement.carryOut(this.#parts.judge.judge(event));
    event.verdict = verdict;
    this.counters.event(event, verdict);
    this.#parts.onEvent(event);
    return verdict;
  }

  expect(connection: ExpectedConnection): void {
    this.#parts.expected.add(connection, this.now());
  }

  count(anomaly: string): void {
    this.counters.anomaly(anomaly);
  }

  #identify(slot: number, direction: Direction, octets: Uint8Array): void {
    let candidates = this.#candidates.get(slot);
    const first = candidates === undefined;
    // A busy capture may record an offer after the opening of the connection that it announces.
    if (first && this.#parts.expected.size > 0 && this.#wasAnnounced(slot)) {
      this.data(slot, direction, octets, 0, octets.length);
      return;
    }
    if (first && this.#nobodyWants(slot, direction, octets)) {
      this.#letGo(slot);
      return;
    }
    candidates ??= this.#newCandidates(slot);
    const answer = candidates.look(direction, octets);
    if (answer === Look.LetGo) this.#letGo(slot);
    else if (answer === Look.Wait) {
      if (first) this.#keep(slot, candidates);
    } else {
      const session = this.#open(slot, candidates);
      if (session === undefined) return;
      session.data(direction, octets);
      this.#settle(slot, session);
    }
  }

  #nobodyWants(slot: number, direction: Direction, octets: Uint8Array): boolean {
    const table = this.#table;
    const definitions = this.#parts.registry.probed(table.transport(slot));
    return nobodyWants(definitions, direction, octets, table.midstream(slot), table.oriented(slot));
  }

  #newCandidates(slot: number): Candidates {
    const table = this.#table;
    return new Candidates(
      this.#parts.registry.probed(table.transport(slot)),
      this.#parts.limits.identificationOctets,
      table.midstream(slot),
      table.oriented(slot),
    );
  }

  /** Keeps a flow's first octets; false when the limit refused and the flow was let go. */
  #keep(slot: number, candidates: Candidates): boolean {
    if (this.#candidates.size >= this.#parts.limits.identificationFlows) {
      this.counters.identificationRefused += 1;
      this.#letGo(slot);
      return false;
    }
    this.#candidates.set(slot, candidates);
    return true;
  }

  #letGo(slot: number): void {
    this.#candidates.delete(slot);
    this.counters.letGo += 1;
    this.#table.setDisposition(slot, Disposition.LetGo);
  }

  #open(slot: number, candidates: Candidates): Session | undefined {
    const definition = candidates.found;
    this.#candidates.delete(slot);
    if (definition === undefined) return undefined;
    const { flipped, midstream } = candidates;
    const session = this.#start(slot, definition, flipped, midstream, undefined);
    for (const direction of [0, 1] as const) {
      const octets = candidates.missed[direction];
      if (octets > 0) session?.gap(direction, octets, 'loss');
    }
    if (session !== undefined) {
      candidates.replay((direction, octets) => session.data(direction, octets));
      this.#settle(slot, session);
    }
    return session;
  }

  /** Whether an offer announced this flow and its parser was opened. */
  #wasAnnounced(slot: number): boolean {
    const connection = this.#parts.expected.takeFor(this.#table, slot);
    return connection !== undefined && this.#openExpected(slot, connection);
  }

  #openExpected(slot: number, connection: ExpectedConnection): boolean {
    const definition = this.#parts.registry.named(connection.protocol);
    if (definition === undefined) return false;
    // A probed protocol tells itself; the announcement is found again by its token.
    if (definition.probe !== undefined) {
      this.#parts.expected.add(connection, this.now());
      return false;
    }
    return this.#start(slot, definition, false, false, connection) !== undefined;
  }

  #start(
    slot: number,
    definition: ProtocolDefinition,
    flipped: boolean,
    midstream: boolean,
    expected: ExpectedConnection | undefined,
  ): Session | undefined {
    if (this.#sessions.size >= this.#parts.limits.sessions) {
      this.counters.sessionsRefused += 1;
      this.#letGo(slot);
      return undefined;
    }
    const table = this.#table;
    const { expected: announced, followContent } = this.#parts;
    const context: FlowContext = {
      ...flowEnds(table, slot, flipped),
      midstream,
      expected,
      memory: this.#memory.of(definition.name),
      follow: () => (followContent ? new ContentHash() : undefined),
      expectedByToken: (token) => announced.takeByToken(token, this.now()),
    };
    const id = this.#stamp.id(table.firstTime(slot));
    const flow = flowReference(table, slot, flipped, id);
    const session = new Session(definition, context, flow, flipped, this);
    this.#sessions.set(slot, session);
    table.setDisposition(slot, Disposition.Session);
    this.counters.identified(definition.name);
    session.identified(midstream);
    return session;
  }

  /** Keeps parsers within their memory; one that stopped reading frees the streams below. */
  #settle(slot: number, session: Session): void {
    this.#parserOctets += session.growth();
    if (session.reading && this.#parserOctets > this.#parts.limits.parserOctets) {
      this.counters.parserMemoryRefused += 1;
      session.goOpaque('memory limit');
      this.#parserOctets += session.growth();
    }
    if (session.reading) return;
    this.#table.setDisposition(slot, session.opaque ? Disposition.Opaque : Disposition.LetGo);
  }
}
