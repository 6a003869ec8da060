/** What the handlers of one flow share: whose session it is, and the unit under the hand. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import { RecentMap } from '../framing/recent-map.ts';
import type { MsrpHead } from './msrp-head.ts';
import { KEPT_LIMIT, TABLE_OCTETS, TRANSACTIONS_LIMIT } from './msrp-limits.ts';
import { type Parties, partiesOf } from './parties.ts';

/** Octets of a flow with empty tables: measured, and rounded up. */
const FLOW_HELD = 4096;
const TRANSACTION_HELD = 200;

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

/** What a request carried, for its answer. */
export interface Transaction {
  readonly messageId: string | undefined;
  /** Key among the files under way; undefined for texts. */
  readonly file: string | undefined;
}

export class MsrpFlow {
  readonly context: FlowContext;
  /** By direction and transaction identifier. */
  readonly transactions = new RecentMap<Transaction>(
    TRANSACTIONS_LIMIT,
    TABLE_OCTETS,
    TRANSACTION_HELD,
  );
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  /** The head of the unit under the hand, for what is put in its place. */
  head: MsrpHead | undefined = undefined;
  /** Chunks of the message under the hand went on before. */
  chunksBefore = false;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext) {
    this.context = context;
  }

  /** A new unit at [from, to) of the stream; `to` is -1 where its end is not known. */
  begin(head: MsrpHead, from: number, to: number): void {
    this.head = head;
    this.chunksBefore = false;
    const unit = this.#units[this.direction];
    unit.start = from;
    unit.end = to;
    unit.head = head.bodyStart - head.start;
    // The neutral form keeps the end-line, whose length follows from the identifier.
    unit.form = to === -1 ? -1 : head.id.length;
    this.#anomalies = undefined;
  }

  anomaly(name: string): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  parties(head: MsrpHead): Parties {
    return partiesOf(this.context, this.direction, head);
  }

  newEvent(kind: EventKind, parties: Parties): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'sip';
    event.protocol = 'msrp';
    event.origin = parties.origin;
    event.account = parties.account;
    event.from = parties.sender;
    if (parties.room !== undefined) {
      event.room = parties.room;
      event.route = 'room';
    } else {
      if (parties.recipient !== undefined) event.to = [parties.recipient];
      event.route = 'direct';
    }
    return event;
  }

  /** True when the unit was taken off the wire. Text positions are stream offsets, or -1. */
  say(event: ImEvent, textStart = -1, textEnd = -1): boolean {
    const unit = this.#units[this.direction];
    unit.textStart = textStart;
    unit.textEnd = textEnd;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  /** The end of a streaming chunk is known now. */
  endUnit(to: number): void {
    this.#units[this.direction].end = to;
  }

  /** Nothing is in the stream that this event could be refused by. */
  noUnit(at: number): void {
    const unit = this.#units[this.direction];
    unit.start = at;
    unit.end = at;
    unit.head = 0;
    unit.form = -1;
    this.#anomalies = undefined;
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.head = undefined;
  }

  held(): number {
    return FLOW_HELD + this.transactions.held;
  }
}

/** A text that is kept beyond its unit. */
export function kept(text: string): string {
  return boundedCopy(text, KEPT_LIMIT);
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
