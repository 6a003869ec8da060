/** What the handlers of one flow share: who is there, and the packet under the hand. */
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { ENTRIES_LIMIT } from './gg-limits.ts';
import { Images } from './images.ts';
import { Offers } from './offers.ts';
import { isLogin } from './packet-type.ts';
import { ProtobufFields } from './protobuf.ts';

const FLOW_HELD = 4096; // octets of a flow with empty tables: measured, and rounded up
const NOTHING = new Uint8Array(0);

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

/** Which kind of messages the client speaks: it decides how it is told something. */
export const Generation = { Old: 7, V80: 8, V110: 11 } as const;
export type Generation = (typeof Generation)[keyof typeof Generation];

/** Who a client says it is. */
export interface Claim {
  readonly uin: string | undefined;
  readonly version: string;
  readonly generation: Generation;
}

export class GgFlow {
  readonly context: FlowContext;
  readonly offers = new Offers();
  readonly images: Images;
  readonly fields = new ProtobufFields();
  sink: ParserSink = NOWHERE;
  direction: Direction = Direction.ToServer;
  /** The packet under the hand: buffer[start, end) of `length` octets, its payload from `body`. */
  buffer: Uint8Array = NOTHING;
  start = 0;
  body = 0;
  end = 0;
  length = 0;
  type = 0;
  /** Stream offset of its first octet. */
  from = 0;
  /** UIN of the client. */
  account: string | undefined = undefined;
  version: string | undefined = undefined;
  generation: Generation = Generation.V80;
  loggedIn = false;
  /** A sign-in of somebody who is signed in, before its answer. */
  claim: Claim | undefined = undefined;
  left = false;
  /** The client has said that it goes. */
  goesOff = false;
  /** Seconds since 1970, as the server last said. */
  serverTime = 0;
  /** The unfinished line of a contact list that comes in several packets, by direction. */
  readonly listTails: [string, string] = ['', ''];
  /** Octets of contact lists, compressed and inflated. */
  readonly inflated = { in: 0, out: 0 };
  #entries = 0;
  #anomalies: string[] | undefined = undefined;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];

  constructor(context: FlowContext) {
    this.context = context;
    this.images = new Images(context);
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  get whole(): boolean {
    return this.end - this.start === this.length;
  }

  /** The packet under the hand is a client's sign-in. */
  get signsIn(): boolean {
    return this.toServer && isLogin(this.type);
  }

  /** Octets of payload that are there. */
  get size(): number {
    return this.end - this.body;
  }

  begin(buffer: Uint8Array, start: number, end: number, from: number, length: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.from = from;
    this.length = length;
    this.#entries = 0;
    this.#anomalies = undefined;
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.buffer = NOTHING;
    this.fields.close();
    this.sink = NOWHERE;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'gadu-gadu';
    event.protocol = 'gadu-gadu';
    event.protocolVersion = this.version;
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /** An event from one to one; the party that is not `other` is the account. */
  between(kind: EventKind, other: string | undefined): ImEvent {
    const event = this.newEvent(kind);
    event.from = this.toServer ? this.account : other;
    const to = this.toServer ? other : this.account;
    if (to !== undefined) event.to = [to];
    event.route = other === undefined ? 'service' : 'direct';
    return event;
  }

  /**
   * Says the event of this packet. `textStart`, `textEnd` are positions in the buffer where its text stands
   * as it is; -1 where it does not. True when the unit was taken off the wire.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1): boolean {
    const unit = this.#units[this.direction];
    unit.start = this.from;
    unit.end = this.whole ? this.from + this.length : -1;
    unit.textStart = textStart === -1 ? -1 : this.from + textStart - this.start;
    unit.textEnd = textStart === -1 ? -1 : this.from + textEnd - this.start;
    unit.head = 0;
    // Who waits for the answer to a sign-in waits for ever, if a ping comes instead.
    unit.form = this.whole && !this.signsIn && !event.kind.startsWith('session.') ? 0 : -1;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  anomaly(name: Anomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  /** Before each entry of a list: false when no more are reported of this packet. */
  another(): boolean {
    this.#entries += 1;
    if (this.#entries === ENTRIES_LIMIT + 1) this.anomaly(Anomaly.TooManyEntries);
    return this.#entries <= ENTRIES_LIMIT;
  }

  unknown(what: string): void {
    const event = this.newEvent('app.unknown');
    event.reason = what;
    this.say(event);
  }

  /** Memory of tables, octets. */
  held(): number {
    const tails = 2 * (this.listTails[0].length + this.listTails[1].length);
    return FLOW_HELD + tails + this.offers.held() + this.images.held();
  }
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
