/**
 * One flow that is read: its parser, what the parser says, and the flow's ledger.
 *
 * Flow directions come in as the flow table sees them; `flipped` says that the table took the
 * server for the client (picked up mid-stream), and everything said from here is the right way.
 */
import {
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowFacts,
  type FlowParser,
  type ParserSink,
  type ProtocolDefinition,
  Status,
  type Unit,
} from '../../parsers/contract.ts';
import type {
  Action,
  Activity,
  FlowReference,
  GapCause,
  ImEvent,
  VerdictRecord,
} from '../event/event.ts';
import type { ContentSink } from './content/content-sink.ts';
import { type FollowedContent, TYPE_MISMATCH } from './content/followed-content.ts';
import type { PacketTotals } from './flow-ends.ts';
import { FlowKnowledge } from './flow-knowledge.ts';
import { FlowTally } from './flow-tally.ts';
import type { SessionHost } from './host.ts';
import type { Recognised } from './recognition.ts';
import { Transfers } from './transfers.ts';

/** Octets fed before the parser's memory is looked at again: asking each time would cost. */
const MEASURE_EVERY = 1024;
/** Of a flow. */
const ENDS: ReadonlySet<Action> = new Set(['drop', 'hold', 'strip', 'reset']);

/** What a parser said when the rest of its flow became another protocol. Octets are lent. */
export interface HandOver {
  readonly protocol: string;
  readonly reason: string;
  /** Octets of either direction that belong to it already. */
  readonly rest: readonly [Uint8Array | undefined, Uint8Array | undefined];
}

export class Session implements ParserSink {
  readonly flipped: boolean;
  /** The flow's slot. */
  readonly slot: number;
  /** The announcement that this flow answers, if it does. */
  readonly expected: ExpectedConnection | undefined;
  readonly #definition: ProtocolDefinition;
  readonly #sayTo: SessionHost;
  readonly #known: FlowKnowledge;
  #parser: FlowParser | undefined;
  /** Carries other protocols: nothing is said of it before it has an event of its own. */
  #quiet: boolean;
  #midstream = false;
  #inside: string | undefined = undefined;
  /** Nothing of it goes on. */
  #refused = false;
  /** Went on from a tunnel to a known service; nothing was said of what is inside. */
  #isContinued = false;
  /** Name of the host that a tunnel was asked for. */
  target: string | undefined = undefined;
  #readable = true;
  #handedOver: HandOver | undefined = undefined;
  readonly #tally = new FlowTally();
  readonly #ended: [boolean, boolean] = [false, false];
  /** Made when the first one comes. */
  #transfers: Transfers | undefined = undefined;
  /** What the parser held when last asked, octets. */
  measured = 0;
  #fed = 0;
  /** Octets given, as the parser sees the directions. */
  readonly #positions: [number, number] = [0, 0];

  constructor(
    definition: ProtocolDefinition,
    context: FlowContext,
    flow: FlowReference | (() => FlowReference),
    flipped: boolean,
    host: SessionHost,
    slot = -1,
  ) {
    this.slot = slot;
    this.#definition = definition;
    this.#quiet = definition.tunnel === true || definition.opaque === true;
    this.#known = new FlowKnowledge(definition, flow, context.expected?.service);
    this.flipped = flipped;
    this.expected = context.expected;
    this.#sayTo = host;
    this.#parser = definition.create(context);
  }

  get flow(): FlowReference {
    return this.#known.flow;
  }

  /** As events say it. */
  get protocol(): string {
    return this.#known.protocol;
  }

  get activity(): Activity | undefined {
    return this.#known.activity;
  }

  get service(): string {
    return this.#known.service;
  }

  /** Who is logged in on the flow's client side, as far as it was said. */
  get account(): string | undefined {
    return this.#known.account;
  }

  /** False once nothing more will be read: opaque, given up or done. */
  get reading(): boolean {
    return this.#parser !== undefined;
  }

  /** Reading stopped although the flow went on. */
  get opaque(): boolean {
    return !this.#readable;
  }

  /** Events of its parser so far. */
  get events(): number {
    return this.#tally.events;
  }

  /** Content that the parser follows; `sink` keeps it, where there is one. */
  follow(sink: ContentSink | undefined): FollowedContent {
    this.#transfers ??= new Transfers();
    return this.#transfers.follow(sink);
  }

  /** Memory the parser holds, octets. */
  held(): number {
    return this.#parser?.held() ?? 0;
  }

  /** `inside`: the tunnel in which it was found. */
  identified(midstream: boolean, inside: string | undefined): void {
    this.#midstream = midstream;
    this.#inside = inside;
    if (!this.#quiet) this.#sayIdentified();
  }

  /** Nothing was said of this flow. */
  get quiet(): boolean {
    return this.#quiet;
  }

  #sayIdentified(): void {
    this.#quiet = false;
    const event = this.#identifiedEvent();
    event.evidence = 'content';
    event.confidence = 'high';
    this.#sayTo.emit(event, this);
  }

  #identifiedEvent(): ImEvent {
    const event = this.#known.ledger('flow.identified');
    event.visibility = this.#definition.opaque === true ? 'opaque' : 'metadata';
    if (this.#inside) event.reason = `inside ${this.#inside}`;
    else if (this.#midstream) event.reason = 'picked up mid-stream';
    return event;
  }

  /**
   * The flow is of a service that its parser cannot know. Said once, again where it turns out to be something else,
   * and by what is inside a tunnel; of a message among others (facts.unit) each time. The verdict, where it was said.
   */
  recognised(known: Recognised, facts: FlowFacts): VerdictRecord | undefined {
    const isSame = known.service === this.service && known.activity === this.activity;
    const isNews = !isSame || this.#isContinued;
    if (facts.unit === undefined && !this.#quiet && !isNews) return undefined;
    this.#isContinued = false;
    const event = this.identifiedAs(known, facts);
    this.#quiet = false;
    const verdict = this.#sayTo.emit(event, this, facts.unit);
    this.#refused = facts.unit === undefined && verdict.enforced && ENDS.has(verdict.action);
    return verdict;
  }

  /** What is inside a tunnel tells no service: it stays that of the host that was asked for, if that is known. */
  isKnownByTarget(facts: FlowFacts): boolean {
    if (!this.#isContinued) return false;
    this.#known.learnWhy(facts);
    return true;
  }

  /** The event that says so; from here on the flow is of that service. */
  identifiedAs(known: Recognised, facts: FlowFacts): ImEvent {
    this.#known.learn(known, facts);
    const event = this.#identifiedEvent();
    event.evidence = known.evidence;
    event.confidence = known.confidence;
    if (this.#definition.tunnel === true) event.reason = facts.reason;
    return event;
  }

  /** What a refusal is made of. */
  get definition(): ProtocolDefinition {
    return this.#definition;
  }

  /** Octets of one direction, gaps included, that the parser was given: stream offsets count to here. */
  position(direction: Direction): number {
    return this.#positions[this.#seenAs(direction)];
  }

  /** Of the octets given, those at the end of which a unit is open that can still be refused. */
  openOctets(direction: Direction): number {
    if (this.#parser === undefined) return 0;
    const seenAs = this.#seenAs(direction);
    const from = this.#parser.holdFrom(seenAs);
    return from < 0 ? 0 : Math.max(0, this.#positions[seenAs] - from);
  }

  data(direction: Direction, octets: Uint8Array): void {
    const parser = this.#parser;
    if (parser === undefined) return;
    this.#fed += octets.length;
    this.#positions[this.#seenAs(direction)] += octets.length;
    this.#after(parser.push(this.#seenAs(direction), octets, this));
  }

  /** Growth of the parser's memory since the last call, octets; 0 while little was fed since. */
  growth(): number {
    if (this.#fed < MEASURE_EVERY && this.measured > 0 && this.reading) return 0;
    this.#fed = 0;
    const before = this.measured;
    this.measured = this.held();
    return this.measured - before;
  }

  gap(direction: Direction, octets: number, cause: GapCause): void {
    const parser = this.#parser;
    if (parser === undefined) return;
    const seenAs = this.#seenAs(direction);
    this.#positions[seenAs] += octets;
    // Before anything is said of a flow its gaps are nobody's.
    if (!this.#quiet) {
      this.#tally.gap(octets);
      const event = this.#known.ledger('gap');
      event.visibility = 'metadata';
      event.gap = {
        octets,
        cause,
        direction: seenAs === Direction.ToServer ? 'to-server' : 'to-client',
      };
      this.#sayTo.emit(event, this);
    }
    this.#after(parser.gap(seenAs, octets, this));
  }

  end(direction: Direction): void {
    const seenAs = this.#seenAs(direction);
    if (this.#ended[seenAs]) return;
    this.#ended[seenAs] = true;
    this.#parser?.end(seenAs, this);
  }

  /** The flow is over; `totals` as the table counted them, already turned the right way. */
  close(totals: PacketTotals, how: string): void {
    this.end(Direction.ToServer);
    this.end(Direction.ToClient);
    this.#parser = undefined;
    this.forgetContents();
    if (this.#quiet) return;
    const event = this.#known.ledger('flow.end');
    event.visibility = this.#readable ? 'metadata' : 'opaque';
    event.reason = how;
    event.totals = this.#tally.totals(totals);
    this.#sayTo.emit(event, this);
  }

  event(event: ImEvent, unit: Unit): VerdictRecord {
    if (this.#quiet) this.#sayIdentified();
    this.#tally.events += 1;
    this.#known.complete(event);
    const finished = this.#transfers?.takeFinished(event);
    if (finished?.tell(event) === true) this.#tellAnomaly(TYPE_MISMATCH);
    const verdict = this.#sayTo.emit(event, this, unit);
    const token = event.file?.token ?? event.call?.token;
    if (token !== undefined) {
      this.#transfers ??= new Transfers();
      this.#transfers.decided(event, token, verdict, unit);
    }
    finished?.complete(event);
    return verdict;
  }

  anomaly(name: string, _direction: Direction): void {
    this.#tellAnomaly(name);
  }

  #tellAnomaly(name: string): void {
    this.#tally.anomalies += 1;
    this.#sayTo.count(name);
    if (this.#quiet || !this.#tally.isNews(name)) return;
    const event = this.#known.ledger('flow.anomaly');
    event.visibility = 'metadata';
    event.reason = name;
    event.anomalies = [name];
    this.#sayTo.emit(event, this);
  }

  expect(connection: ExpectedConnection, refused = false): void {
    const isRefused = this.#transfers?.isRefused(connection.offer) === true;
    this.#sayTo.expect(connection, refused || isRefused, this);
  }

  identify(facts: FlowFacts): boolean {
    if (this.#definition.tunnel === true) this.target = facts.hosts?.[0];
    return this.#sayTo.identify(facts, this);
  }

  resolved(host: string, addresses: readonly string[], ttl: number): void {
    this.#sayTo.resolved(host, addresses, ttl);
  }

  handOver(protocol: string, reason: string, toServer?: Uint8Array, toClient?: Uint8Array): void {
    const rest = this.flipped ? ([toClient, toServer] as const) : ([toServer, toClient] as const);
    this.#handedOver = { protocol, reason, rest };
  }

  /** What the parser handed the flow over to, once: the next call has none. */
  takeHandOver(): HandOver | undefined {
    if (this.#parser !== undefined) return undefined;
    const given = this.#handedOver;
    this.#handedOver = undefined;
    return given;
  }

  /** Goes on with the ledger of the session that handed this flow over, and was identified; `inside`: a tunnel, or ''. */
  continueFrom(before: Session, inside = ''): void {
    this.#quiet = false;
    this.#inside = inside;
    this.#tally.continueFrom(before.#tally);
    this.#known.account ??= before.account;
    const { opaque, tunnel } = this.#definition;
    if (opaque !== true && tunnel !== true) return;
    this.#known.takeFrom(before.#known);
    this.#isContinued = true;
  }

  /** Transfers that are under way are not followed to their end. */
  forgetContents(): void {
    this.#transfers?.forget();
  }

  /** Reading ends here: say why, once. */
  goOpaque(reason: string): void {
    this.#parser = undefined;
    this.forgetContents();
    this.#readable = false;
    if (this.#quiet || this.#refused) return;
    const event = this.#known.ledger('flow.opaque');
    event.visibility = 'opaque';
    event.reason = reason;
    this.#sayTo.emit(event, this);
  }

  #after(status: Status): void {
    if (status === Status.More) return;
    this.forgetContents();
    const isOpaque = this.#definition.opaque === true;
    if (status === Status.Done && isOpaque && !this.#quiet) this.goOpaque(this.#known.whyOpaque);
    else if (status === Status.Done || (status === Status.Lost && isOpaque)) {
      this.#parser = undefined;
    } else if (status === Status.Lost) this.goOpaque('undecodable');
    else if (
      this.#handedOver !== undefined &&
      this.#sayTo.reads(this.#handedOver.protocol, this.#quiet)
    ) {
      this.#parser = undefined;
    } else {
      const { reason } = this.#handedOver ?? { reason: 'handed over' };
      this.#handedOver = undefined;
      this.goOpaque(reason);
    }
  }

  #seenAs(direction: Direction): Direction {
    if (!this.flipped) return direction;
    return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
  }
}
