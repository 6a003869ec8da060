/** What the handlers of one TOC connection share: who is there, and the frame under the hand. */
import { boundedCopy, ownCopy } from '../../src/bytes/text.ts';
import { type FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import {
  type Decision,
  Direction,
  type FlowContext,
  type ParserSink,
  type Unit,
} from '../contract.ts';
import { FLAP_HEAD } from '../framing/flap.ts';
import { TocAnomaly } from './anomalies.ts';
import { NO_FORM, SHORTEST_NEUTRAL, TocForm } from './neutral.ts';
import { ENTRY_HELD, NAME_LIMIT, OFFERS_LIMIT, ROOMS_LIMIT, TOC_HELD } from './toc-limits.ts';

/** A file offer that waits for the account's answer. */
export interface AwaitedOffer {
  readonly file: FileReference;
  readonly sender: string | undefined;
}

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const NOTHING = new Uint8Array(0);

export class TocFlow {
  readonly context: FlowContext;
  account: string | undefined = undefined;
  /** The client has said whom it signs on; until the server refuses. */
  named = false;
  /** '1.0' or '2.0', as the server says it, or the client's commands show. */
  version: string | undefined = undefined;
  signedIn = false;
  /** The server's SIGN_ON was told; it comes again after PAUSE. */
  signOnSeen = false;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  /** The frame under the hand: buffer[start, end), at stream offset `from`. Lent. */
  buffer: Uint8Array = NOTHING;
  start = 0;
  end = 0;
  from = 0;
  readonly #units = [newUnit(0), newUnit(1)] as const;
  readonly #rooms = new Map<string, string>();
  readonly #offers = new Map<string, AwaitedOffer>();
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext) {
    this.context = context;
    this.signedIn = context.midstream;
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  begin(buffer: Uint8Array, start: number, end: number, from: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.from = from;
    this.#anomalies = undefined;
  }

  /** Nothing lent is kept between calls. */
  rest(): void {
    this.sink = NOWHERE;
    this.buffer = NOTHING;
    this.#anomalies = undefined;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'aim';
    event.protocol = 'toc';
    event.protocolVersion = this.version;
    event.account = this.account;
    event.origin = this.toServer ? 'client' : 'server';
    return event;
  }

  /** Between the account and `other`, in the direction under the hand. */
  between(kind: EventKind, other: string | undefined): ImEvent {
    const event = this.newEvent(kind);
    event.route = 'direct';
    event.from = this.toServer ? this.account : other;
    const to = this.toServer ? other : this.account;
    if (to !== undefined) event.to = [to];
    return event;
  }

  /** `text`: where the event's text stands in the buffer as it is, of `length` octets; -1: nowhere. */
  say(event: ImEvent, text = -1, length = 0): Decision {
    const unit = this.#units[this.direction];
    unit.start = this.from;
    unit.end = this.from + this.end - this.start;
    unit.textStart = text === -1 ? -1 : this.from + text - this.start;
    unit.textEnd = text === -1 ? -1 : unit.textStart + length;
    unit.head = FLAP_HEAD;
    unit.form = this.#form();
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    return this.sink.event(event, unit);
  }

  anomaly(name: TocAnomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies?.includes(name)) return;
    this.#anomalies = [...(this.#anomalies ?? []), name];
  }

  /** Who signs on: said once, and not by whom the server has signed on already. */
  signingOn(name: string | undefined): void {
    if (name === undefined || this.named || (this.signedIn && this.account !== undefined)) return;
    this.named = true;
    this.account = boundedCopy(name, NAME_LIMIT);
  }

  /** The server gave the room this number. */
  learnRoom(id: string, name: string): void {
    this.#remember(this.#rooms, id, boundedCopy(name, NAME_LIMIT), ROOMS_LIMIT);
  }

  /** Of the room with this number; the number itself where its name is not known. */
  room(id: string): string | undefined {
    return this.#rooms.get(id) ?? (id === '' ? undefined : id);
  }

  forgetRoom(id: string): void {
    this.#rooms.delete(id);
  }

  awaitAnswer(token: string, offer: AwaitedOffer): void {
    const oldest = this.#remember(this.#offers, token, offer, OFFERS_LIMIT);
    // One connection cannot fill the memory of all.
    if (oldest !== undefined) this.context.memory.delete(`transfer ${oldest}`);
  }

  takeOffer(token: string): AwaitedOffer | undefined {
    const offer = this.#offers.get(token);
    this.#offers.delete(token);
    return offer;
  }

  /** Octets of tables and names. */
  held(): number {
    let octets = TOC_HELD + 2 * (this.account?.length ?? 0);
    for (const [id, name] of this.#rooms) octets += ENTRY_HELD + 2 * (id.length + name.length);
    for (const [token, { file, sender = '' }] of this.#offers) {
      octets += ENTRY_HELD + 2 * (token.length + sender.length + (file.name?.length ?? 0));
    }
    return octets;
  }

  #form(): number {
    if (this.toServer) return TocForm.Only;
    return this.end - this.start < FLAP_HEAD + SHORTEST_NEUTRAL ? NO_FORM : TocForm.Only;
  }

  /** The key of the oldest, where it had to go. */
  #remember<T>(table: Map<string, T>, key: string, value: T, limit: number): string | undefined {
    if (key.length > NAME_LIMIT) return undefined;
    const kept = ownCopy(key);
    table.delete(kept);
    table.set(kept, value);
    if (table.size <= limit) return undefined;
    this.anomaly(TocAnomaly.TableFull);
    for (const oldest of table.keys()) {
      table.delete(oldest);
      return oldest;
    }
    return undefined;
  }
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: FLAP_HEAD, form: 0 };
}
