/**
 * Which flows are IM, and one session for each that is. Hears the streams, drives the parsers.
 *
 * Flows that are not IM cost one look at their first octets; after that the streams below deliver
 * nothing more of them.
 */
import {
  ANY_PROTOCOL,
  type Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowFacts,
  type ProtocolDefinition,
  type Unit,
} from '../../parsers/contract.ts';
import type { GapCause, ImEvent, VerdictRecord } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import type { EndCause, FlowDirection, StreamListener } from '../stream/listener.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import type { Judge } from '../verdict/judge.ts';
import { Subject } from '../verdict/subject.ts';
import { Look } from './candidates.ts';
import type { ContentSink } from './content/content-sink.ts';
import { EventStamp } from './event-stamp.ts';
import { flowEnds, flowReference, isEmpty, packetTotals } from './flow-ends.ts';
import { FlowMemory } from './flow-memory.ts';
import type { SessionHost } from './host.ts';
import { type Found, Identification } from './identification.ts';
import { InspectCounters } from './inspect-counters.ts';
import type { RegistryView } from './registry-view.ts';
import { type HandOver, Session } from './session.ts';

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
  readonly enforcement: Enforcer;
  readonly followContent: boolean;
  /** Keeps the content of transfers. */
  readonly contentSink: ContentSink | undefined;
  /** Puts the people behind the accounts into an event. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
  readonly onEvent: (event: ImEvent) => void;
  /** Hears what was thrown while a flow was read, and the flow is not read on; absent: it is thrown on. */
  readonly onFailure?: ((slot: number, error: unknown) => void) | undefined;
}

/** Where the octets of a flow come from since its parser handed them over. */
interface Inside {
  /** `HTTP CONNECT to host:port`. */
  readonly tunnel: string;
  readonly depth: number;
  /** The session that handed over and whose ledger goes on; none for a tunnel that said nothing. */
  readonly before: Session | undefined;
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
  readonly #identification: Identification;
  readonly #sessions = new Map<number, Session>();
  /** Flows that an offer announced and whose content has not told that they are something else. */
  readonly #announced = new Map<number, ExpectedConnection>();
  /** Flows whose parser handed over to whatever comes. */
  readonly #inside = new Map<number, Inside>();
  /** What the parsers hold, as last measured, octets. */
  #parserOctets = 0;
  /** Octets that the streams delivered of the flow under the hand and that are not handed on yet. */
  readonly #ahead: [number, number] = [0, 0];
  readonly #subject = new Subject();
  /** May be exchanged between two packets. */
  judge: Judge;
  namePeople: ((event: ImEvent) => void) | undefined;

  constructor(parts: InspectorParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#clock = parts.clock;
    this.judge = parts.judge;
    this.namePeople = parts.namePeople;
    this.#memory = new FlowMemory(parts.limits.sharedMemoryEntries);
    const { limits, registry, table } = parts;
    this.#identification = new Identification(limits, registry, table, this.counters);
  }

  /** Flows that are read, were read, or became opaque, and are still in the table. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Whoever reads, or read, the flow of this slot: for metrics. */
  sessionOf(slot: number): Session | undefined {
    return this.#sessions.get(slot);
  }

  /** Slots of the flows that have a session. */
  sessionSlots(): Iterable<number> {
    return this.#sessions.keys();
  }

  /** Memory held by parsers as each was last measured, octets: nothing is walked. */
  get parserOctets(): number {
    return this.#parserOctets;
  }

  /** Memory held by parsers and probes, octets. Walks all sessions: for tests and metrics. */
  held(): number {
    let octets = 0;
    for (const session of this.#sessions.values()) octets += session.held();
    return octets + this.#identification.held();
  }

  opened(slot: number): void {
    const { expected, enforcement } = this.#parts;
    if (expected.mayBeFor(this.#table, slot)) {
      if (expected.refuses(this.#table, slot)) enforcement.refuseFlow(slot);
      this.#recallAnnouncement(slot);
    }
    const transport = this.#table.transport(slot);
    if (this.#parts.registry.probed(transport).length === 0 && !this.#announced.has(slot)) {
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
    try {
      this.#data(slot, direction, buffer, start, end);
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  #data(
    slot: number,
    direction: FlowDirection,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const table = this.#table;
    this.#ahead[0] = this.#ahead[1] = 0;
    if (table.disposition(slot) === Disposition.Session) {
      this.#deliver(slot, direction, buffer.subarray(start, end));
      return;
    }
    if (this.#parts.expected.mayBeFor(table, slot)) this.#recallAnnouncement(slot);
    const look = this.#identification.firstOctet(slot, direction, buffer[start] ?? 0);
    if (look === Look.Wait) return;
    const octets = buffer.subarray(start, end);
    if (look === Look.Found) this.#identify(slot, direction, octets);
    else this.#nobodys(slot, direction, octets);
  }

  gap(slot: number, direction: FlowDirection, octets: number, cause: GapCause): void {
    try {
      this.#gap(slot, direction, octets, cause);
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  #gap(slot: number, direction: FlowDirection, octets: number, cause: GapCause): void {
    this.#ahead[0] = this.#ahead[1] = 0;
    const session = this.#sessions.get(slot);
    if (session !== undefined) {
      session.gap(direction, octets, cause);
      this.#settle(slot, session);
      return;
    }
    if (this.#identification.gap(slot, direction, octets) === Look.LetGo) this.#letGo(slot);
  }

  ended(slot: number, direction: FlowDirection, _cause: EndCause): void {
    try {
      const found = this.#identification.lastLook(slot);
      if (found !== undefined) this.#open(slot, found);
      else this.#openAnnounced(slot);
      this.#sessions.get(slot)?.end(direction);
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  closed(slot: number, cause: EndCause): void {
    if (this.#identification.forget(slot)) this.counters.undecided += 1;
    this.#announced.delete(slot);
    const session = this.#sessions.get(slot) ?? this.#inside.get(slot)?.before;
    this.#inside.delete(slot);
    try {
      if (session !== undefined) this.#close(slot, session, cause);
    } catch (error) {
      this.#failed(slot, error);
    }
    this.#parts.enforcement.closed(slot);
  }

  /** Whatever failed, failed over this flow: others are read on. */
  #failed(slot: number, error: unknown): void {
    const { onFailure } = this.#parts;
    if (onFailure === undefined) throw error;
    this.counters.failures += 1;
    this.#identification.forget(slot);
    this.#announced.delete(slot);
    const session = this.#sessions.get(slot);
    try {
      session?.goOpaque('internal error');
    } catch {
      // Who hears the events may be what failed.
    }
    this.#parserOctets += session?.growth() ?? 0;
    const isRead = session !== undefined;
    this.#table.setDisposition(slot, isRead ? Disposition.Opaque : Disposition.LetGo);
    onFailure(slot, error);
  }

  #close(slot: number, session: Session, cause: EndCause): void {
    this.#sessions.delete(slot);
    this.#parserOctets -= session.measured;
    const table = this.#table;
    if (session.expected !== undefined && isEmpty(table, slot)) {
      // Refused or never answered: the announcement stands for the next attempt.
      this.#parts.expected.restore(session.expected, this.now());
    }
    session.close(packetTotals(table, slot, session.flipped), cause);
  }

  /**
   * Of the octets of one direction that were delivered, those at the end that are not decided: a unit that can
   * still be refused is open, or a probe wants more.
   */
  openOctets(slot: number, direction: FlowDirection): number {
    // Nothing will be added to what is not whole.
    if (this.#table.ended(slot, direction)) return 0;
    const session = this.#sessions.get(slot);
    return session?.openOctets(direction) ?? this.#identification.keptOctets(slot, direction);
  }

  /** The flow is not read on. */
  giveUp(slot: number, reason: string): void {
    const session = this.#sessions.get(slot);
    if (session === undefined) {
      this.#letGo(slot);
      return;
    }
    if (!session.reading) return;
    this.counters.parserMemoryRefused += 1;
    try {
      session.goOpaque(reason);
    } catch (error) {
      this.#failed(slot, error);
    }
    this.#parserOctets += session.growth();
    this.#table.setDisposition(slot, Disposition.Opaque);
  }

  anomaly(slot: number, direction: FlowDirection, name: string): void {
    const session = this.#sessions.get(slot);
    try {
      if (session === undefined) this.count(name);
      else session.anomaly(name, direction);
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  now(): number {
    return this.#clock.time[0] ?? 0;
  }

  emit(event: ImEvent, session: Session, unit?: Unit): VerdictRecord {
    event.time = this.now();
    event.packet = this.#clock.frame;
    event.capture = this.capture;
    event.id = this.#stamp.id(event.time);
    this.namePeople?.(event);
    let verdict = this.judge.judge(event);
    if (verdict.action !== 'pass') {
      const subject = this.#subjectOf(event, verdict, session, unit);
      verdict = this.#parts.enforcement.carryOut(verdict, event, subject);
    } else if (unit !== undefined && this.#parts.enforcement.passed !== undefined) {
      const subject = this.#subjectOf(event, verdict, session, unit);
      verdict = this.#parts.enforcement.passed(verdict, subject);
    }
    event.verdict = verdict;
    this.counters.event(event, verdict);
    this.#parts.onEvent(event);
    return verdict;
  }

  expect(connection: ExpectedConnection, refused: boolean, { slot, flipped }: Session): void {
    const table = this.#table;
    const party = flipped ? table.serverAddress(slot) : table.clientAddress(slot);
    this.#parts.expected.add(connection, this.now(), refused ? party : undefined);
  }

  identify(_facts: FlowFacts, _session: Session): boolean {
    return false;
  }

  resolved(_host: string, _addresses: readonly string[], _ttl: number): void {}

  #subjectOf(
    event: ImEvent,
    verdict: VerdictRecord,
    session: Session,
    unit: Unit | undefined,
  ): Subject {
    const subject = this.#subject;
    subject.slot = session.slot;
    subject.hasUnit = unit !== undefined;
    subject.redactions = undefined;
    if (unit === undefined) return subject;
    const direction = session.flipped === (unit.direction === 0) ? 1 : 0;
    const given = session.position(direction);
    subject.direction = direction;
    subject.parserDirection = unit.direction;
    subject.ahead = this.#ahead[direction];
    subject.isElsewhere = unit.start < 0;
    subject.isOpen = unit.end < 0;
    subject.startBack = given - unit.start;
    subject.endBack = given - unit.end;
    subject.hasText = unit.textStart >= 0 && unit.textEnd > unit.textStart;
    subject.textStartBack = given - unit.textStart;
    subject.textEndBack = given - unit.textEnd;
    subject.head = unit.head;
    subject.form = unit.form;
    subject.neutralise = session.definition.neutralise;
    subject.text = event.text;
    if (verdict.action === 'redact' && this.judge.masksAll?.(event, verdict) !== false) {
      subject.redactions = this.judge.redactions?.(event, verdict);
    }
    return subject;
  }

  reads(protocol: string): boolean {
    return protocol === ANY_PROTOCOL || this.#parts.registry.named(protocol) !== undefined;
  }

  count(anomaly: string): void {
    this.counters.anomaly(anomaly);
  }

  #deliver(slot: number, direction: Direction, octets: Uint8Array): void {
    const session = this.#sessions.get(slot);
    if (session === undefined) this.#identify(slot, direction, octets);
    else {
      session.data(direction, octets);
      this.#settle(slot, session);
    }
  }

  #identify(slot: number, direction: Direction, octets: Uint8Array): void {
    if (this.#table.disposition(slot) >= Disposition.LetGo) return; // decided while octets were replayed
    const found = this.#identification.look(slot, direction, octets);
    if (found === Look.LetGo) this.#nobodys(slot, direction, octets);
    else if (found !== Look.Wait) this.#open(slot, found, direction, octets);
  }

  /** No probe wants the flow: whose announced it was, or nobody's. */
  #nobodys(slot: number, direction: Direction, octets: Uint8Array): void {
    if (!this.#openAnnounced(slot, direction, octets)) this.#letGo(slot);
  }

  #letGo(slot: number): void {
    this.#identification.forget(slot);
    this.counters.letGo += 1;
    this.#table.setDisposition(slot, Disposition.LetGo);
  }

  /** False when the limit of sessions refused it. */
  #open(
    slot: number,
    { definition, flipped, midstream, missed, replay }: Found,
    direction?: Direction,
    octets?: Uint8Array,
  ): boolean {
    const announced = this.#announcedFor(slot, definition);
    const before = this.#inside.get(slot)?.before;
    const session = this.#start(slot, definition, flipped, midstream, announced, before);
    if (session === undefined) return false;
    for (const direction of [0, 1] as const) {
      if (missed[direction] > 0) session.gap(direction, missed[direction], 'loss');
    }
    this.#replay(slot, replay, direction, octets);
    return true;
  }

  /** Hands on what was kept, and then the octets under the hand. */
  #replay(
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
      this.#deliver(slot, d, run);
    }
  }

  /** The announcement of this flow's address and port, where it is of this protocol. */
  #announcedFor(slot: number, definition: ProtocolDefinition): ExpectedConnection | undefined {
    const { expected } = this.#parts;
    const other = this.#announced.get(slot);
    if (other !== undefined) {
      // It was something else: the announcement stands for the next connection.
      this.#announced.delete(slot);
      this.count('announced-address-of-another');
      expected.restore(other, this.now());
      return undefined;
    }
    if (expected.size === 0) return undefined;
    const connection = expected.takeFor(this.#table, slot);
    if (connection === undefined) return undefined;
    if (connection.protocol === definition.name) {
      const { shared } = connection;
      if (shared !== true && expected.isRefused(connection)) {
        this.#parts.enforcement.refuseFlow(slot);
      }
      return connection;
    }
    expected.restore(connection, this.now());
    return undefined;
  }

  /**
   * An offer may have announced this flow. Its content is looked at all the same: whoever announces the
   * address of a server must not be able to hide what is said to it. What was handed on by whom an offer
   * announced is not his, though the announcement may stand.
   */
  #recallAnnouncement(slot: number): void {
    if (this.#announced.has(slot) || this.#inside.has(slot)) return;
    if (!this.#identification.isFirst(slot)) return;
    const { expected } = this.#parts;
    const connection = expected.takeFor(this.#table, slot);
    if (connection === undefined) return;
    const definition = this.#parts.registry.named(connection.protocol);
    // A probed protocol tells itself; the announcement is found again by its token.
    if (definition === undefined || definition.probe !== undefined) {
      expected.restore(connection, this.now());
      return;
    }
    // Of a refused offer, but not stopped: a connection of somebody else to an address that anybody can name.
    const isStrange =
      connection.shared !== true &&
      expected.isRefused(connection) &&
      !expected.refuses(this.#table, slot);
    if (!isStrange) this.#announced.set(slot, connection);
  }

  /** Opens what an offer announced, with all that was kept of the flow; false where none did. */
  #openAnnounced(slot: number, direction?: Direction, octets?: Uint8Array): boolean {
    const connection = this.#announced.get(slot);
    const definition = connection && this.#parts.registry.named(connection.protocol);
    if (connection === undefined || definition === undefined) return false;
    this.#announced.delete(slot);
    const replay = this.#identification.takeKept(slot);
    if (this.#start(slot, definition, false, false, connection) === undefined) return false;
    this.#replay(slot, replay, direction, octets);
    return true;
  }

  #start(
    slot: number,
    definition: ProtocolDefinition,
    flipped: boolean,
    midstream: boolean,
    expected: ExpectedConnection | undefined,
    before?: Session,
  ): Session | undefined {
    if (this.#sessions.size >= this.#parts.limits.sessions) {
      this.counters.sessionsRefused += 1;
      this.#letGo(slot);
      return undefined;
    }
    const table = this.#table;
    const { expected: announced, followContent, contentSink } = this.#parts;
    let session: Session | undefined;
    const context: FlowContext = {
      ...flowEnds(table, slot, flipped),
      midstream,
      expected,
      memory: this.#memory.of(definition.family ?? definition.name),
      follow: () => (followContent ? session?.follow(contentSink) : undefined),
      expectedByToken: (token) => {
        const connection = announced.takeByToken(token, this.now());
        if (connection !== undefined && announced.isRefused(connection)) {
          this.#parts.enforcement.refuseFlow(slot);
        }
        return connection;
      },
    };
    const flow =
      before?.flow ?? flowReference(table, slot, flipped, this.#stamp.id(table.firstTime(slot)));
    session = new Session(definition, context, flow, flipped, this, slot);
    this.#sessions.set(slot, session);
    table.setDisposition(slot, Disposition.Session);
    if (definition.tunnel !== true) this.counters.identified(definition.name);
    if (before === undefined) session.identified(midstream, this.#inside.get(slot)?.tunnel);
    else session.continueFrom(before);
    return session;
  }

  /** A parser's flow goes on as something else. */
  #handOver(slot: number, session: Session, { protocol, reason, rest }: HandOver): void {
    const outer = this.#inside.get(slot);
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > this.#parts.limits.tunnelDepth) {
      this.counters.tunnelsTooDeep += 1;
      session.goOpaque('tunnels in tunnels');
      this.#table.setDisposition(slot, Disposition.Opaque);
      return;
    }
    this.#sessions.delete(slot);
    this.#parserOctets -= session.measured;
    const before = session.quiet ? outer?.before : session;
    this.#inside.set(slot, { tunnel: reason, depth, before });
    if (protocol === ANY_PROTOCOL) this.#table.setDisposition(slot, Disposition.Undecided);
    else {
      const definition = this.#parts.registry.named(protocol);
      if (definition === undefined) return;
      const { flipped, expected } = session;
      if (this.#start(slot, definition, flipped, false, expected, before) === undefined) return;
    }
    for (const direction of [0, 1] as const) this.#ahead[direction] += rest[direction]?.length ?? 0;
    for (const direction of [0, 1] as const) {
      const octets = rest[direction];
      if (octets === undefined || octets.length === 0) continue;
      this.#ahead[direction] -= octets.length;
      this.#deliver(slot, direction, octets);
    }
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
    const given = session.takeHandOver();
    if (given !== undefined) {
      this.#handOver(slot, session, given);
      return;
    }
    this.#table.setDisposition(slot, session.opaque ? Disposition.Opaque : Disposition.LetGo);
  }
}
