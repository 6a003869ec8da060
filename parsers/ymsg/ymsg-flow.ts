/** What the handlers of one flow share: who is there, and the packet under the hand. */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { Contacts } from './contacts.ts';
import { ListTail } from './list-tail.ts';
import { MessageIds } from './message-ids.ts';
import { Pairs } from './pairs.ts';
import { canonicalId } from './text-value.ts';
import { versionNumber } from './version.ts';
import { HEADER, IDENTITIES_LIMIT, PACKET_TEXT_LIMIT } from './ymsg-limits.ts';
import { YmsgPacket } from './ymsg-packet.ts';

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

/** How far a sign-in has come. */
export const Login = { None: 0, Asked: 1, Answered: 2, In: 3, Out: 4 } as const;
export type Login = (typeof Login)[keyof typeof Login];

export class YmsgFlow {
  readonly context: FlowContext;
  readonly packet = new YmsgPacket();
  readonly pairs = new Pairs();
  readonly contacts = new Contacts();
  readonly buddyTail = new ListTail();
  readonly ignoreTail = new ListTail();
  readonly messageIds = new MessageIds();
  /** The identity that is signed in on the client's side. */
  account: string | undefined = undefined;
  /** Others of the same person. */
  readonly identities: string[] = [];
  login: Login = Login.None;
  /** Group under which entries of a list stand (0xF1), over packets. */
  group: string | undefined = undefined;
  /** The entries are those of the ignore list (0xF1). */
  ignored = false;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  /** Version as written in each direction's packets, and as told in events. */
  readonly versions: [number, number] = [0, 0];
  protocolVersion: string | undefined = undefined;
  /** The session's identifier, from whoever says one. */
  session = 0;
  /** The body's octets, and what carries them, are the stream's own: texts may be masked there. */
  verbatim = true;
  /** Pairs [from, to) of the message that is being said, where the packet holds several. */
  block: readonly [number, number] | undefined = undefined;
  readonly #refused: (readonly [number, number])[] = [];
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #from = 0;
  #start = 0;
  #said = 0;
  #texts = 0;
  #anomalies: string[] | undefined = undefined;

  /** Name in the registry of what carries the packets. */
  readonly protocol: string;

  constructor(context: FlowContext, protocol: string) {
    this.context = context;
    this.protocol = protocol;
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  /** buffer[start, end) is a whole packet that stands at stream offset `from`; -1: nowhere. */
  begin(buffer: Uint8Array, start: number, end: number, from: number): void {
    this.#from = from;
    this.#start = start;
    this.#said = 0;
    this.#texts = 0;
    this.#anomalies = undefined;
    this.block = undefined;
    this.#refused.length = 0;
    const unit = this.#units[this.direction];
    unit.start = from;
    unit.end = from === -1 ? -1 : from + end - start;
    unit.head = HEADER;
    unit.form = from === -1 ? -1 : 0;
    this.learnHeader(buffer, start);
    const { pairs } = this;
    pairs.read(buffer, start + HEADER, end);
    if (pairs.badKeys) this.anomaly(Anomaly.BadKey);
    if (pairs.unterminated) this.anomaly(Anomaly.Unterminated);
    if (pairs.trailing) this.anomaly(Anomaly.Trailing);
    if (pairs.tooMany) this.anomaly(Anomaly.TooManyPairs);
  }

  learnHeader(buffer: Uint8Array, at: number): void {
    this.packet.read(buffer, at);
    this.learnVersion(this.packet.version);
    if (this.packet.session !== 0) this.session = this.packet.session;
  }

  /** As `learnHeader`, of a packet that is passed over: nothing is made. */
  glance(buffer: Uint8Array, at: number): void {
    this.learnVersion(u16be(buffer, at + 4));
    const session = i32be(buffer, at + 16);
    if (session !== 0) this.session = session;
  }

  learnVersion(field: number): void {
    if (this.versions[this.direction] === field) return;
    this.versions[this.direction] = field;
    const number = versionNumber(field);
    if (number !== 0) this.protocolVersion = String(number);
  }

  /** Who is signed in, where it is not known yet. */
  learnAccount(id: string | undefined): void {
    this.account ??= id;
  }

  learnIdentity(id: string | undefined): void {
    if (id === undefined || this.isOwn(id) || this.identities.length >= IDENTITIES_LIMIT) return;
    this.identities.push(id);
  }

  isOwn(id: string | undefined): boolean {
    return id !== undefined && (id === this.account || this.identities.includes(id));
  }

  /** The last value of this key as an identity. */
  id(key: number): string | undefined {
    return canonicalId(this.pairs.text(key));
  }

  /** Key 97 says that texts are not UTF-8. */
  get legacy(): boolean {
    return this.pairs.number(97) === 0;
  }

  /**
   * The pair whose value receivers take for the text under this key: the last; -1 where there is none.
   * More than one is named.
   */
  textPair(key: number, from = 0, to = this.pairs.size): number {
    const last = this.pairs.last(key, from, to);
    if (last !== -1 && this.pairs.find(key, from, last) !== -1) this.once(Anomaly.RepeatedText);
    return last;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'yahoo';
    event.protocol = this.protocol;
    event.protocolVersion = this.protocolVersion;
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /** An event between two people. */
  direct(kind: EventKind, from: string | undefined, to: string | undefined): ImEvent {
    const event = this.newEvent(kind);
    event.from = from;
    if (to !== undefined) event.to = [to];
    event.route = 'direct';
    return event;
  }

  /**
   * Says the event. `textPair` is the pair whose value is the event's text as it is, or -1. True when
   * the unit was taken off the wire.
   */
  say(event: ImEvent, textPair = -1): boolean {
    const length = charactersOf(event);
    if (this.#said > 0 && this.#texts + length > PACKET_TEXT_LIMIT) {
      this.once(Anomaly.TooManyEvents);
      return false;
    }
    this.#said += 1;
    this.#texts += length;
    const unit = this.#units[this.direction];
    const there = textPair !== -1 && this.verbatim && this.#from !== -1;
    const shift = this.#from - this.#start;
    unit.textStart = there ? this.pairs.start(textPair) + shift : -1;
    unit.textEnd = there ? this.pairs.end(textPair) + shift : -1;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  /** Says an event that belongs to no packet (the end of the stream). */
  sayAt(event: ImEvent, offset: number): void {
    const unit = this.#units[this.direction];
    unit.start = unit.end = offset;
    unit.textStart = unit.textEnd = -1;
    unit.head = 0;
    unit.form = -1;
    this.sink.event(event, unit);
  }

  /** Called while an event of the packet is refused: the blocks refused so far, its own among them. */
  refusedBlocks(): readonly (readonly [number, number])[] {
    const { block } = this;
    const refused = this.#refused;
    if (block !== undefined && refused.at(-1) !== block) refused.push(block);
    return refused;
  }

  anomaly(name: Anomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  /** Names it once a packet. */
  once(name: Anomaly): void {
    if (this.#anomalies?.includes(name) !== true) this.anomaly(name);
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.pairs.clear();
    this.block = undefined;
    if (this.#refused.length > 0) this.#refused.length = 0;
  }

  /** Memory of tables, octets: two per UTF-16 unit and a round figure per entry. */
  held(): number {
    let octets = FLOW_HELD + this.pairs.held + this.contacts.held() + this.messageIds.held();
    octets += this.buddyTail.held() + this.ignoreTail.held();
    for (const identity of this.identities) octets += 32 + 2 * identity.length;
    return octets + 2 * ((this.account?.length ?? 0) + (this.group?.length ?? 0));
  }
}

function charactersOf(event: ImEvent): number {
  let characters = (event.text?.length ?? 0) + (event.markup?.length ?? 0);
  characters += (event.status?.length ?? 0) + (event.reason?.length ?? 0);
  characters += (event.file?.name?.length ?? 0) + (event.file?.url?.length ?? 0);
  for (const to of event.to ?? []) characters += to.length;
  return characters;
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: HEADER, form: 0 };
}
