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
import { AnnouncedFlows } from './announced-flows.ts';
import { Look } from './candidates.ts';
import type { ContentSink } from './content/content-sink.ts';
import { Emission, type EmissionParts } from './emission.ts';
import type { SessionHost } from './host.ts';
import { type Found, Identification } from './identification.ts';
import { InsideFlows } from './inside-flows.ts';
import { InspectCounters } from './inspect-counters.ts';
import { ParserMemory } from './parser-memory.ts';
import { Passing } from './passing.ts';
import { RecognisedFlows } from './recognised-flows.ts';
import { Recognition } from './recognition.ts';
import type { RegistryView } from './registry-view.ts';
import type { ServiceCatalogue } from './service-catalogue.ts';
import type { HandOver, Session } from './session.ts';
import { SessionEnds } from './session-ends.ts';
import { SessionMaker } from './session-maker.ts';
import { recognises, Sessions } from './sessions.ts';
import { UNREAD } from './unread.ts';

export interface InspectorParts extends EmissionParts {
  readonly limits: Limits;
  readonly registry: RegistryView;
  readonly table: FlowTable;
  readonly expected: ExpectedConnections;
  /** Makes services of hosts, signatures and addresses. */
  readonly services: ServiceCatalogue;
  readonly followContent: boolean;
  /** Keeps the content of transfers. */
  readonly contentSink: ContentSink | undefined;
  /** Hears what was thrown while a flow was read, and the flow is not read on; absent: it is thrown on. */
  readonly onFailure?: ((slot: number, error: unknown) => void) | undefined;
}

const UDP = 17;
export class Inspector implements StreamListener, SessionHost {
  readonly counters = new InspectCounters();
  /** Who decides, who is named, and which capture is told: may be exchanged between two packets. */
  readonly emission: Emission;
  readonly #parts: InspectorParts;
  readonly #table: FlowTable;
  readonly #maker: SessionMaker;
  readonly #identification: Identification;
  readonly #sessions = new Sessions();
  readonly #announced: AnnouncedFlows;
  readonly #recognition: Recognition;
  readonly #passing: Passing;
  readonly #inside = new InsideFlows();
  readonly #recognised: RecognisedFlows;
  readonly #memory: ParserMemory;
  readonly #ends: SessionEnds;
  /** Octets that the streams delivered of the flow under the hand and that are not handed on yet. */
  readonly #ahead: [number, number] = [0, 0];

  constructor(parts: InspectorParts) {
    this.#parts = parts;
    this.#table = parts.table;
    this.emission = new Emission(parts, this.counters, this.#ahead);
    const { limits, registry, table, expected } = parts;
    this.#memory = new ParserMemory(limits);
    const refuseFlow = (slot: number) => parts.enforcement.refuseFlow(slot);
    const { stamp } = this.emission;
    const memoryEntries = limits.sharedMemoryEntries;
    this.#maker = new SessionMaker({ ...parts, stamp, refuseFlow, memoryEntries }, this);
    this.#identification = new Identification(limits, registry, table, this.counters);
    this.#recognition = new Recognition(parts.services, table, limits);
    this.#recognised = new RecognisedFlows(
      this.#recognition,
      this.#inside,
      this.emission,
      this.counters,
    );
    this.#ends = new SessionEnds({
      table,
      expected,
      limits,
      sessions: this.#sessions,
      inside: this.#inside,
      memory: this.#memory,
      counters: this.counters,
      now: () => this.now(),
      failed: (slot, error) => this.#failed(slot, error),
    });
    this.#passing = new Passing(registry, table, this);
    this.#announced = new AnnouncedFlows({
      table,
      expected,
      registry,
      now: () => this.now(),
      refuseFlow,
      count: (anomaly) => this.count(anomaly),
    });
  }

  /** Made of hosts, signatures and addresses from the next packet on. */
  setServices(services: ServiceCatalogue): void {
    this.#recognition.services = services;
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
    return this.#memory.octets;
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
    if (this.#refuseLearned(slot)) return;
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
    const isDatagram = table.transport(slot) === UDP;
    if (table.disposition(slot) === Disposition.Session) {
      const isAll = start === 0 && end === buffer.length;
      const octets = isAll ? buffer : buffer.subarray(start, end);
      if (!isDatagram || !this.#passes(slot, direction, octets)) {
        this.#deliver(slot, direction, octets);
      }
      return;
    }
    if (this.#parts.expected.mayBeFor(table, slot)) this.#recallAnnouncement(slot);
    if (isDatagram) {
      if (this.#passes(slot, direction, buffer.subarray(start, end))) return;
    } else if (this.#isNobodys(slot, direction, buffer, start, end)) return;
    const look = this.#identification.firstOctet(slot, direction, buffer[start] ?? 0);
    if (look === Look.Wait) {
      this.#askPlace(slot, direction, buffer, start, end);
      return;
    }
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
      if (found === undefined) this.#openAnnounced(slot);
      else if (this.#givesWay(slot, found)) this.#openAnnounced(slot, undefined, undefined, found);
      else this.#open(slot, found);
      this.#sessions.get(slot)?.end(direction);
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  closed(slot: number, cause: EndCause): void {
    if (this.#identification.forget(slot)) this.counters.undecided += 1;
    this.#announced.forget(slot);
    const session = this.#sessions.get(slot) ?? this.#inside.get(slot)?.before;
    this.#inside.forget(slot);
    try {
      if (session !== undefined) this.#ends.close(slot, session, cause);
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
    this.#announced.forget(slot);
    const session = this.#sessions.get(slot);
    try {
      session?.goOpaque('internal error');
    } catch {
      // Who hears the events may be what failed.
    }
    if (session !== undefined) this.#memory.measure(session);
    const isRead = session !== undefined;
    this.#table.setDisposition(slot, isRead ? Disposition.Opaque : Disposition.LetGo);
    onFailure(slot, error);
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
    this.#memory.measure(session);
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
    return this.emission.now();
  }

  emit(event: ImEvent, session: Session, unit?: Unit): VerdictRecord {
    return this.emission.emit(event, session, unit);
  }

  expect(connection: ExpectedConnection, refused: boolean, { slot, flipped }: Session): void {
    const table = this.#table;
    const party = flipped ? table.serverAddress(slot) : table.clientAddress(slot);
    this.#parts.expected.add(connection, this.now(), refused ? party : undefined);
  }

  identify(facts: FlowFacts, session: Session): boolean {
    return this.#recognised.identify(facts, session);
  }

  resolved(host: string, addresses: readonly string[], ttl: number): void {
    this.#recognition.resolved(host, addresses, ttl, this.now());
  }

  nobodys(addresses: readonly string[]): void {
    this.#recognition.nobodys(addresses);
  }

  /** A flow to a server of a refused service, which a rule had learned; false where it is not refused now. */
  #refuseLearned(slot: number): boolean {
    const learned = this.#recognition.learned(slot, this.now());
    if (learned === undefined) return false;
    const transport = this.#table.transport(slot) === UDP ? 'udp' : 'tcp';
    const session = this.#start(slot, UNREAD[transport], false, false, undefined);
    if (session === undefined) return false;
    if (!this.#recognised.refuse(learned, session)) {
      this.#ends.dismiss(slot, session);
      this.#table.setDisposition(slot, Disposition.Undecided);
      return false;
    }
    this.#table.setDisposition(slot, Disposition.Opaque);
    this.#ends.keepToTellItsEnd(slot);
    return true;
  }

  /** Nobody knows its protocol: its server's address may tell the service. */
  #openUnread(slot: number, direction: Direction, octets: Uint8Array): boolean {
    const known = this.#recognition.byPlace(slot, false, this.now());
    if (known === undefined) return false;
    this.#identification.forget(slot);
    const transport = this.#table.transport(slot) === UDP ? 'udp' : 'tcp';
    if (this.#start(slot, UNREAD[transport], false, false, undefined) === undefined) return true;
    this.#deliver(slot, direction, octets);
    return true;
  }

  /** Datagrams of nobody's on a usual port are looked at for ever: after some, their address is asked too, once. */
  #askPlace(
    slot: number,
    direction: Direction,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const table = this.#table;
    if (table.transport(slot) !== UDP) return;
    const seen = table.packets(slot, 0) + table.packets(slot, 1);
    if (seen !== this.#parts.limits.identificationDatagrams) return;
    this.#openUnread(slot, direction, buffer.subarray(start, end));
  }

  reads(protocol: string, quiet: boolean): boolean {
    if (protocol === ANY_PROTOCOL) return true;
    const definition = this.#parts.registry.named(protocol);
    return definition !== undefined && (quiet || definition.opaque !== true);
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
    if (found === Look.Wait) {
      this.#askPlace(slot, direction, octets, 0, octets.length);
      return;
    }
    if (found === Look.LetGo || this.#givesWay(slot, found)) {
      this.#nobodys(slot, direction, octets, found);
    } else this.#open(slot, found, direction, octets);
  }

  /** By the flow's first segment, which nobody's parser has to see; most flows are let go so. */
  #isNobodys(
    slot: number,
    direction: FlowDirection,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const { limits, registry } = this.#parts;
    const definition = registry.tellsNobodys(buffer[start] ?? 0);
    if (definition?.isNobodys === undefined || direction !== 0) return false;
    const table = this.#table;
    if (table.midstream(slot) || !table.oriented(slot)) return false;
    if (definition.probeLimit > limits.identificationOctets) return false;
    if (!this.#identification.isFirst(slot) || this.#inside.has(slot)) return false;
    const port = table.serverPort(slot);
    if (!definition.isNobodys(buffer, start, end, port, this.#recognition)) return false;
    this.counters.identified(definition.name);
    this.#letGo(slot);
    return true;
  }

  /** A datagram on the usual port of a protocol that reads what is nobody's without a session. */
  #passes(slot: number, direction: Direction, octets: Uint8Array): boolean {
    const protocol = this.#passing.on(slot);
    if (protocol === undefined || this.#inside.has(slot) || this.#announced.has(slot)) return false;
    const session = this.#sessions.get(slot);
    if (session !== undefined && session.definition !== protocol.definition) return false;
    return this.#passing.take(protocol, slot, direction, octets);
  }

  /** The name is one of the catalogue's, at this port. */
  isKnown(host: string, port: number): boolean {
    return this.#recognition.services.byHost(host, port) !== undefined;
  }

  /** What many could bear is less than an announcement. */
  #givesWay(slot: number, { definition }: Found): boolean {
    return definition.weak === true && this.#announced.has(slot);
  }

  /** No certain probe wants the flow: whose announced it was, or nobody's; `kept`: what was kept of it. */
  #nobodys(
    slot: number,
    direction: Direction,
    octets: Uint8Array,
    kept?: Found | typeof Look.LetGo,
  ): void {
    if (this.#openAnnounced(slot, direction, octets, kept)) return;
    if (this.#inside.isTunnel(slot)) {
      this.#letGo(slot);
      return;
    }
    if (!this.#openUnread(slot, direction, octets)) this.#letGo(slot);
  }

  #letGo(slot: number): void {
    this.#identification.forget(slot);
    const inside = this.#inside.get(slot);
    if (inside?.isTunnel === true && inside.before !== undefined) {
      // Nobody knows what is inside, and whose it is was said.
      inside.before.goOpaque(`unknown protocol inside ${inside.tunnel}`);
      this.#table.setDisposition(slot, Disposition.Opaque);
      return;
    }
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
    const announced = this.#announced.takeFor(slot, definition);
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

  /** What was handed on by whom an offer announced is not his, though the announcement may stand. */
  #recallAnnouncement(slot: number): void {
    if (this.#inside.has(slot) || !this.#identification.isFirst(slot)) return;
    this.#announced.recall(slot);
  }

  /** Opens what an offer announced, with all that was kept of the flow; false where none did. */
  #openAnnounced(
    slot: number,
    direction?: Direction,
    octets?: Uint8Array,
    kept?: Found | typeof Look.LetGo,
  ): boolean {
    const announced = this.#announced.take(slot);
    if (announced === undefined) return false;
    const { connection, definition } = announced;
    const replay = typeof kept === 'object' ? kept.replay : this.#identification.takeKept(slot);
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
    const { limits } = this.#parts;
    if (recognises(definition, expected)) {
      this.#ends.makeRoom();
    } else if (this.#sessions.read >= limits.sessions) {
      this.counters.sessionsRefused += 1;
      this.#letGo(slot);
      return undefined;
    }
    const session = this.#maker.make(slot, definition, flipped, midstream, expected, before?.flow);
    this.#sessions.set(slot, session);
    this.#table.setDisposition(slot, Disposition.Session);
    const isRegistered = this.#parts.registry.named(definition.name) === definition;
    if (definition.tunnel !== true && isRegistered) this.counters.identified(definition.name);
    const inside = this.#inside.get(slot);
    if (before !== undefined) session.continueFrom(before, inside?.isTunnel ? inside.tunnel : '');
    const isRead = definition.opaque !== true && definition.tunnel !== true;
    if (before === undefined || (isRead && inside?.isTunnel === true)) {
      session.identified(midstream, inside?.tunnel);
    }
    return session;
  }

  /** A parser's flow goes on as something else. */
  #handOver(slot: number, session: Session, { protocol, reason, rest }: HandOver): void {
    // A datagram that is somebody else's goes on whole: nothing is inside anything.
    const isNext = protocol === ANY_PROTOCOL && this.#table.transport(slot) === UDP;
    const depth = this.#inside.depthAfter(slot, isNext);
    if (depth > this.#parts.limits.tunnelDepth) {
      this.counters.tunnelsTooDeep += 1;
      session.goOpaque('tunnels in tunnels');
      this.#table.setDisposition(slot, Disposition.Opaque);
      return;
    }
    this.#ends.dismiss(slot, session);
    const before = this.#inside.enter(slot, session, reason, depth);
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
    this.#memory.measure(session);
    if (this.#memory.isOver) this.#ends.freeMemory(slot);
    if (session.reading && this.#memory.isOver) {
      this.counters.parserMemoryRefused += 1;
      session.goOpaque('memory limit');
      this.#memory.measure(session);
    }
    if (session.reading || this.#sessions.get(slot) !== session) return;
    const given = session.takeHandOver();
    if (given !== undefined) {
      this.#handOver(slot, session, given);
      return;
    }
    if (session.quiet && session.expected === undefined) {
      this.#ends.dismiss(slot, session);
      if (session.definition.repeats === true) {
        this.#table.setDisposition(slot, Disposition.Undecided);
      } else this.#letGo(slot);
      return;
    }
    this.#table.setDisposition(slot, session.opaque ? Disposition.Opaque : Disposition.LetGo);
    this.#ends.keepToTellItsEnd(slot);
  }
}
