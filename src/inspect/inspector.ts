/**
 * Which flows are IM, and one session for each that is. Hears the streams, and brings what it hears to whom the flow
 * belongs; what fails over one flow ends there.
 *
 * Flows that are not IM cost one look at their first octets; after that the streams below deliver
 * nothing more of them.
 */
import type { GapCause } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import type { ExpectedConnections } from '../flow/expected.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Limits } from '../limits.ts';
import type { EndCause, FlowDirection, StreamListener } from '../stream/listener.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import { AnnouncedFlows } from './announced-flows.ts';
import type { ContentSink } from './content/content-sink.ts';
import { Emission, type EmissionParts } from './emission.ts';
import { FlowOpenings } from './flow-openings.ts';
import { GivingUp } from './giving-up.ts';
import { Identification } from './identification.ts';
import { InsideFlows } from './inside-flows.ts';
import { InspectCounters } from './inspect-counters.ts';
import { InspectionHost } from './inspection-host.ts';
import { LettingGo } from './letting-go.ts';
import { ParserMemory } from './parser-memory.ts';
import { Passing } from './passing.ts';
import { RecognisedFlows } from './recognised-flows.ts';
import { Recognition } from './recognition.ts';
import type { RegistryView } from './registry-view.ts';
import type { ServiceCatalogue } from './service-catalogue.ts';
import type { Session } from './session.ts';
import { SessionEnds } from './session-ends.ts';
import { SessionFeed } from './session-feed.ts';
import { SessionMaker } from './session-maker.ts';
import { SessionStarts } from './session-starts.ts';
import { Sessions } from './sessions.ts';
import { UndecidedFlows } from './undecided-flows.ts';

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

export class Inspector implements StreamListener {
  readonly counters = new InspectCounters();
  /** Who decides, who is named, and which capture is told: may be exchanged between two packets. */
  readonly emission: Emission;
  readonly #table: FlowTable;
  readonly #enforcement: Enforcer;
  readonly #sessions = new Sessions();
  readonly #inside = new InsideFlows();
  readonly #recognition: Recognition;
  readonly #identification: Identification;
  readonly #memory: ParserMemory;
  readonly #givingUp: GivingUp;
  readonly #ends: SessionEnds;
  readonly #feed: SessionFeed;
  readonly #passing: Passing;
  readonly #undecided: UndecidedFlows;

  constructor(parts: InspectorParts) {
    const { limits, registry, table, expected, enforcement } = parts;
    const { counters } = this;
    const sessions = this.#sessions;
    const inside = this.#inside;
    const ahead: [number, number] = [0, 0];
    const emission = new Emission(parts, counters, ahead);
    const { stamp } = emission;
    const now = () => emission.now();
    const count = (anomaly: string) => counters.anomaly(anomaly);
    const refuseFlow = (slot: number) => enforcement.refuseFlow(slot);

    const memory = new ParserMemory(limits);
    const identification = new Identification(limits, registry, table, counters);
    const letting = new LettingGo(table, identification, inside, counters);
    const announced = new AnnouncedFlows({ table, expected, registry, now, refuseFlow, count });
    const recognition = new Recognition(parts.services, table, limits);
    const recognised = new RecognisedFlows(recognition, inside, emission, counters);
    const tables = { table, sessions, inside, identification, announced, expected, memory };
    const all = { ...parts, ...tables, counters, recognition, recognised, emission, letting, now };

    const givingUp = new GivingUp(all);
    const host = new InspectionHost(all);
    const maker = new SessionMaker({ ...all, stamp, refuseFlow }, host);
    const ends = new SessionEnds({ ...all, failed: (slot, error) => givingUp.failed(slot, error) });
    const starts = new SessionStarts({ ...all, maker, ends });
    const feed = new SessionFeed({
      ...all,
      starts,
      ends,
      ahead,
      identify: (slot, direction, octets) => this.#undecided.identify(slot, direction, octets),
    });
    const passing = new Passing({ ...all, host });
    const openings = new FlowOpenings({ ...all, starts, ends, feed });
    this.#undecided = new UndecidedFlows({ ...all, passing, openings });

    this.emission = emission;
    this.#table = table;
    this.#enforcement = enforcement;
    this.#recognition = recognition;
    this.#identification = identification;
    this.#memory = memory;
    this.#givingUp = givingUp;
    this.#ends = ends;
    this.#feed = feed;
    this.#passing = passing;
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
    this.#undecided.opened(slot);
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
      this.#givingUp.failed(slot, error);
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
    this.#feed.begin();
    if (table.disposition(slot) !== Disposition.Session) {
      this.#undecided.data(slot, direction, buffer, start, end);
      return;
    }
    const isAll = start === 0 && end === buffer.length;
    const octets = isAll ? buffer : buffer.subarray(start, end);
    const isDatagram = table.transport(slot) === UDP;
    if (isDatagram && this.#passing.passes(slot, direction, octets)) return;
    this.#feed.deliver(slot, direction, octets);
  }

  gap(slot: number, direction: FlowDirection, octets: number, cause: GapCause): void {
    try {
      this.#feed.begin();
      if (this.#feed.gap(slot, direction, octets, cause)) return;
      this.#undecided.gap(slot, direction, octets);
    } catch (error) {
      this.#givingUp.failed(slot, error);
    }
  }

  ended(slot: number, direction: FlowDirection, _cause: EndCause): void {
    try {
      this.#undecided.lastLook(slot);
      this.#sessions.get(slot)?.end(direction);
    } catch (error) {
      this.#givingUp.failed(slot, error);
    }
  }

  closed(slot: number, cause: EndCause): void {
    if (this.#undecided.forget(slot)) this.counters.undecided += 1;
    const session = this.#sessions.get(slot) ?? this.#inside.get(slot)?.before;
    this.#inside.forget(slot);
    try {
      if (session !== undefined) this.#ends.close(slot, session, cause);
    } catch (error) {
      this.#givingUp.failed(slot, error);
    }
    this.#enforcement.closed(slot);
  }

  anomaly(slot: number, direction: FlowDirection, name: string): void {
    const session = this.#sessions.get(slot);
    try {
      if (session === undefined) this.counters.anomaly(name);
      else session.anomaly(name, direction);
    } catch (error) {
      this.#givingUp.failed(slot, error);
    }
  }

  /** The flow is not read on. */
  giveUp(slot: number, reason: string): void {
    this.#givingUp.giveUp(slot, reason);
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
}
