/**
 * One flow that is read: its parser, what the parser says, and when the flow's ledger speaks.
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
import type { Activity, FlowReference, GapCause, ImEvent, VerdictRecord } from '../event/event.ts';
import { REFUSALS } from '../verdict/refusals.ts';
import type { ContentSink } from './content/content-sink.ts';
import { type FollowedContent, TYPE_MISMATCH } from './content/followed-content.ts';
import type { PacketTotals } from './flow-ends.ts';
import { FlowLedger } from './flow-ledger.ts';
import type { SessionHost } from './host.ts';
import type { Recognised } from './recognition.ts';
import { Transfers } from './transfers.ts';

/** Octets fed before the parser's memory is looked at again: asking each time would cost. */
const MEASURE_EVERY = 1024;

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
  readonly ledger: FlowLedger;
  readonly #definition: ProtocolDefinition;
  readonly #sayTo: SessionHost;
  #parser: FlowParser | undefined;
  /** Nothing of it goes on. */
  #refused = false;
  /** Name of the host that a tunnel was asked for. */
  target: string | undefined = undefined;
  #readable = true;
  #handedOver: HandOver | undefined = undefined;
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
    this.ledger = new FlowLedger(definition, flow, context.expected?.service);
    this.flipped = flipped;
    this.expected = context.expected;
    this.#sayTo = host;
    this.#parser = definition.create(context);
  }

  get flow(): FlowReference {
    return this.ledger.known.flow;
  }

  /** As events say it. */
  get protocol(): string {
    return this.ledger.known.protocol;
  }

  get activity(): Activity | undefined {
    return this.ledger.known.activity;
  }

  get service(): string {
    return this.ledger.known.service;
  }

  /** Who is logged in on the flow's client side, as far as it was said. */
  get account(): string | undefined {
    return this.ledger.known.account;
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
    return this.ledger.events;
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
    this.ledger.found(midstream, inside);
    if (!this.quiet) this.#sayTo.emit(this.ledger.identified(), this);
  }

  /** Nothing was said of this flow. */
  get quiet(): boolean {
    return this.ledger.quiet;
  }

  /** The flow is of a service that its parser cannot know. The verdict, where that was news and was said. */
  recognised(known: Recognised, facts: FlowFacts): VerdictRecord | undefined {
    const event = this.ledger.recognised(known, facts);
    if (event === undefined) return undefined;
    const verdict = this.#sayTo.emit(event, this, facts.unit);
    this.#refused = facts.unit === undefined && verdict.enforced && REFUSALS.has(verdict.action);
    return verdict;
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
    this.#say(this.ledger.gap(seenAs, octets, cause));
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
    this.#say(this.ledger.end(totals, how, this.#readable));
  }

  event(event: ImEvent, unit: Unit): VerdictRecord {
    if (this.quiet) this.#sayTo.emit(this.ledger.identified(), this);
    this.ledger.event(event);
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
    this.#sayTo.count(name);
    this.#say(this.ledger.anomaly(name));
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

  /** Transfers that are under way are not followed to their end. */
  forgetContents(): void {
    this.#transfers?.forget();
  }

  /** Reading ends here: say why, once. */
  goOpaque(reason: string): void {
    this.#parser = undefined;
    this.forgetContents();
    this.#readable = false;
    if (!this.#refused) this.#say(this.ledger.opaque(reason));
  }

  #say(event: ImEvent | undefined): void {
    if (event !== undefined) this.#sayTo.emit(event, this);
  }

  #after(status: Status): void {
    if (status === Status.More) return;
    this.forgetContents();
    const isOpaque = this.#definition.opaque === true;
    if (status === Status.Done && isOpaque && !this.quiet) {
      this.goOpaque(this.ledger.known.whyOpaque);
    } else if (status === Status.Done || (status === Status.Lost && isOpaque)) {
      this.#parser = undefined;
    } else if (status === Status.Lost) this.goOpaque('undecodable');
    else this.#afterHandOver();
  }

  #afterHandOver(): void {
    const given = this.#handedOver;
    if (given !== undefined && this.#sayTo.reads(given.protocol, this.quiet)) {
      this.#parser = undefined;
      return;
    }
    this.#handedOver = undefined;
    this.goOpaque(given?.reason ?? 'handed over');
  }

  #seenAs(direction: Direction): Direction {
    if (!this.flipped) return direction;
    return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
  }
}
