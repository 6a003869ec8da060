/** What the handlers of one flow share: who is there, and the line under the hand. */
import { ownCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { Batches } from './batches.ts';
import { Capabilities } from './capabilities.ts';
import { Contacts } from './contacts.ts';
import { LINE_TEXT_LIMIT, NAME_LIMIT, ROOMS_LIMIT } from './irc-limits.ts';
import { IrcLine } from './line.ts';
import { Offers } from './offers.ts';
import { SaslExchange } from './sasl.ts';
import { ServerSupport } from './server-support.ts';
import { Tag, Tags } from './tags.ts';

/** Octets of a flow with empty tables: measured, and rounded up. */
const FLOW_HELD = 4096;

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

export class IrcFlow {
  readonly context: FlowContext;
  readonly support = new ServerSupport();
  readonly capabilities: Capabilities;
  readonly sasl = new SaslExchange();
  readonly offers = new Offers();
  readonly contacts = new Contacts();
  readonly line = new IrcLine();
  readonly tags = new Tags();
  /** Nick of the client; undefined while it is not known. */
  nick: string | undefined = undefined;
  /** Account at the network's services. */
  account: string | undefined = undefined;
  /** Real name of the client's USER, until the server has welcomed it. */
  realName: string | undefined = undefined;
  /** The server has welcomed the client, or must have before the capture began. */
  registered: boolean;
  /** 001 was seen. */
  welcomed = false;
  /** The client said QUIT, or the server that it is gone. */
  left = false;
  /** Text of the server's last ERROR, until the stream's end shows that it was the last word. */
  lastError: string | undefined = undefined;
  /** STARTTLS was sent and not answered. */
  awaitsTls = false;
  handedOver = false;
  /** The client's AWAY that the server has not confirmed yet. */
  awayAsked = false;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  /** Events of the line under the hand. */
  said = 0;
  /** The octets of the line are what stands in the stream. */
  verbatim = true;
  readonly #batches = [new Batches(), new Batches()] as const;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  readonly #rooms = new Map<string, string>();
  #from = 0;
  #to = 0;
  #anomalies: string[] | undefined = undefined;
  /** Characters of text that the events of the line under the hand carry. */
  #texts = 0;

  constructor(context: FlowContext) {
    this.context = context;
    this.registered = context.midstream;
    this.capabilities = new Capabilities(context.midstream);
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  get batches(): Batches {
    return this.#batches[this.direction];
  }

  /** A new line stands at [from, to) of the stream. */
  begin(from: number, to: number): void {
    this.said = 0;
    this.#texts = 0;
    this.#from = from;
    this.#to = to;
    this.#anomalies = undefined;
  }

  /** Stream offsets of the line under the hand. */
  get from(): number {
    return this.#from;
  }
  get to(): number {
    return this.#to;
  }

  /** Who says the line: the client itself, or the source the server names. */
  speaker(): string | undefined {
    return this.toServer ? this.nick : some(this.line.nick());
  }

  isOwn(nick: string | undefined): boolean {
    return this.support.same(nick, this.nick);
  }

  /** The spelling of the room seen first. */
  room(name: string): string {
    const key = this.support.fold(name);
    const known = this.#rooms.get(key);
    if (known !== undefined) return known;
    if (name.length > NAME_LIMIT) return name;
    if (this.#rooms.size >= ROOMS_LIMIT) forgetOldest(this.#rooms);
    const kept = ownCopy(name);
    this.#rooms.set(this.support.fold(kept), kept);
    return kept;
  }

  /** The server names something it supports. With another mapping other rooms are the same. */
  supports(token: string): void {
    this.support.learn(token);
    if (/^CASEMAPPING=/i.test(token)) this.#rooms.clear();
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'irc';
    event.protocol = 'irc';
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.nick;
    return event;
  }

  /** An event of the line under the hand, with what its tags say. */
  tagged(kind: EventKind): ImEvent {
    const event = this.newEvent(kind);
    const { tags } = this;
    event.messageId = tags.value(Tag.MessageId);
    event.refersTo = tags.value(Tag.Reply);
    if (this.batches.isHistory(tags.value(Tag.Batch))) {
      event.copy = 'history';
      event.sentAt = tags.value(Tag.Time);
    }
    return event;
  }

  /**
   * Says the event. `textStart`, `textEnd` are positions in the line's buffer where the event's
   * text stands as it is; -1 where it does not. True when the unit was taken off the wire.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1): boolean {
    const shift = this.#from - this.line.start;
    const there = textStart !== -1 && this.verbatim;
    return this.sayUnit(
      event,
      this.#from,
      this.#to,
      there ? textStart + shift : -1,
      there ? textEnd + shift : -1,
    );
  }

  /** As `say`, with the unit's place in the stream given. */
  sayUnit(event: ImEvent, start: number, end: number, textStart = -1, textEnd = -1): boolean {
    const length = textOf(event);
    if (this.said > 0 && this.#texts + length > LINE_TEXT_LIMIT) {
      if (!this.#anomalies?.includes(Anomaly.TooManyTargets)) this.anomaly(Anomaly.TooManyTargets);
      return false;
    }
    this.said += 1;
    this.#texts += length;
    const unit = this.#units[this.direction];
    unit.start = start;
    unit.end = end;
    unit.textStart = textStart;
    unit.textEnd = textEnd;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  anomaly(name: Anomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  tableFull(): void {
    this.sink.anomaly(Anomaly.TableFull, this.direction);
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.line.clear();
    this.tags.clear();
  }

  /** Stream offset where a batch that becomes one message began, or -1. */
  openSince(direction: Direction): number {
    return this.#batches[direction].openSince();
  }

  /** Memory of tables, octets: two per UTF-16 unit and a round figure per entry. */
  held(): number {
    const { nick = '', account = '', lastError = '', realName = '' } = this;
    let octets =
      FLOW_HELD + 2 * (realName.length + nick.length + account.length + lastError.length);
    octets += this.offers.held() + this.contacts.held() + this.sasl.held();
    for (const [key, name] of this.#rooms) octets += 128 + 2 * (key.length + name.length);
    return octets + this.#batches[0].held() + this.#batches[1].held();
  }
}

/** The text, or undefined where it is empty: an event holds no empty text. */
export function some(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function textOf({ text, markup, reason, state, status, name }: ImEvent): number {
  return (
    lengthOf(text) +
    lengthOf(markup) +
    lengthOf(reason) +
    lengthOf(state) +
    lengthOf(status) +
    lengthOf(name)
  );
}

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}

export function forgetOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
