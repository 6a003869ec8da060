/** What the handlers of one flow share: who is there, and the message under the hand. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import { RecentMap } from '../framing/recent-map.ts';
import { SipAnomaly } from './anomalies.ts';
import type { Subscription, Transaction } from './pending.ts';
import {
  EVENTS_LIMIT,
  KEPT_LIMIT,
  PARTICIPANTS_LIMIT,
  REGISTERED_LIMIT,
  TABLE_OCTETS,
  TRANSACTIONS_LIMIT,
} from './sip-limits.ts';
import { SipMessage } from './sip-message.ts';

/** Octets of a flow with empty tables: measured, and rounded up. */
const FLOW_HELD = 4096;
const TRANSACTION_HELD = 400;
const SUBSCRIPTION_HELD = 200;
const REGISTERED_HELD = 64;

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

export class SipFlow {
  readonly context: FlowContext;
  readonly message = new SipMessage();
  /** Addresses signed in over this flow, the newest last. */
  readonly registered = new RecentMap<true>(REGISTERED_LIMIT, TABLE_OCTETS, REGISTERED_HELD);
  readonly transactions = new RecentMap<Transaction>(
    TRANSACTIONS_LIMIT,
    TABLE_OCTETS,
    TRANSACTION_HELD,
  );
  readonly subscriptions = new RecentMap<Subscription>(
    TRANSACTIONS_LIMIT,
    TABLE_OCTETS,
    SUBSCRIPTION_HELD,
  );
  /** Who is in which conference. */
  readonly participants = new RecentMap<true>(PARTICIPANTS_LIMIT, TABLE_OCTETS, REGISTERED_HELD);
  /** Direction in which the account's own requests go; the table of flows may have guessed wrong. */
  ownDirection: Direction = Direction.ToServer;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  /** The message was there before and refused: it is said again, to be refused again. */
  repeated = false;
  /** An event of the message under the hand was refused. */
  refused = false;
  /** Events of the message under the hand. */
  said = 0;
  saidVersion = false;
  /** Something showed which side is the account's. */
  oriented = false;
  /** Who made the request under the hand, and who it is for; parties.ts says. */
  sender: string | undefined = undefined;
  recipient: string | undefined = undefined;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #from = 0;
  #to = 0;
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext) {
    this.context = context;
  }

  /** A new message stands at [from, to) of the stream; `to` is -1 where its end is not known. */
  begin(from: number, to: number): void {
    this.#from = from;
    this.#to = to;
    this.said = 0;
    this.refused = false;
    this.repeated = false;
  }

  /** What was odd about the message; kept for its events. */
  anomaly(name: string): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  /** The message was handled: what was odd about it is not said of the next one. */
  done(): void {
    this.#anomalies = undefined;
  }

  /** The account's side sent the message under the hand. */
  get isOwn(): boolean {
    return this.direction === this.ownDirection;
  }

  /** The account's side made the request, or the request that the response answers. */
  get requestIsOwn(): boolean {
    return this.message.isRequest === this.isOwn;
  }

  get account(): string | undefined {
    const { from, to } = this.message;
    const { address } = this.requestIsOwn ? from : to;
    if (this.registered.size === 0) return address;
    if (address !== undefined && this.registered.has(address)) return address;
    let newest: string | undefined;
    for (const known of this.registered.keys()) newest = known;
    return newest;
  }

  /** Key of a request and its answer among the transactions of the flow. */
  get transactionKey(): string {
    const { callId, sequence, method } = this.message;
    return boundedCopy(`${method} ${sequence} ${callId}`, KEPT_LIMIT);
  }

  /** An event said by the sender of the message to its other party. */
  newEvent(kind: EventKind): ImEvent {
    const { message } = this;
    const event = new ImEvent(kind);
    event.service = 'sip';
    event.protocol = 'sip';
    event.protocolVersion = message.version;
    event.origin = this.isOwn ? 'client' : 'server';
    event.account = this.account;
    event.from = message.isRequest ? this.sender : message.to.address;
    const other = message.isRequest ? this.recipient : message.from.address;
    if (other !== undefined) event.to = [other];
    event.route = 'direct';
    if (this.repeated) event.copy = 'echo';
    return event;
  }

  /**
   * Says the event. `textStart`, `textEnd` are positions in the message's buffer where the text stands
   * as it is, or -1. True when the unit was taken off the wire.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1): boolean {
    if (this.said >= EVENTS_LIMIT) {
      if (this.said === EVENTS_LIMIT) this.anomaly(SipAnomaly.TooManyEvents);
      this.said = EVENTS_LIMIT + 1;
      return false;
    }
    this.said += 1;
    const unit = this.#units[this.direction];
    const shift = this.#from - this.message.headStart;
    unit.start = this.#from;
    unit.end = this.#to;
    unit.textStart = textStart === -1 ? -1 : textStart + shift;
    unit.textEnd = textStart === -1 ? -1 : textEnd + shift;
    unit.form = this.#to === -1 ? -1 : 0;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    const refused = enforced && (action === 'drop' || action === 'reset' || action === 'hold');
    this.refused ||= refused;
    return refused;
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.message.clear();
  }

  held(): number {
    const { registered, transactions, subscriptions, participants } = this;
    return FLOW_HELD + registered.held + transactions.held + subscriptions.held + participants.held;
  }
}

/** A text that is kept beyond its message. */
export function kept(text: string): string {
  return boundedCopy(text, KEPT_LIMIT);
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
