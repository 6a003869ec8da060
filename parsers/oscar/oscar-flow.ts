/** What the handlers of one connection share: who is there, and the frame under the hand. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import {
  type Decision,
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type ParserSink,
  type Replacement,
  type Unit,
} from '../contract.ts';
import { FLAP_HEAD } from '../framing/flap.ts';
import { RecentMap } from '../framing/recent-map.ts';
import { Anomaly } from './anomalies.ts';
import { Groups } from './groups.ts';
import { NO_FORM } from './neutral.ts';
import {
  EVENTS_LIMIT,
  INVITATIONS_LIMIT,
  NAME_LIMIT,
  PRESENCES_LIMIT,
  REQUESTS_LIMIT,
  TABLE_OCTETS,
  textHeld,
} from './oscar-limits.ts';
import { Rendezvous } from './rendezvous/rendezvous.ts';
import type { RendezvousHost, RendezvousPart } from './rendezvous-host.ts';
import { isUin, serviceOf } from './screen-name.ts';
import { Snac } from './snac.ts';
import { TlvWalk } from './tlv.ts';
import { UserInfo } from './user-info.ts';

/** Octets of a flow with empty tables: measured, and rounded up. */
const FLOW_HELD = 4096;

/** What a connection is for; the server's first list of families tells. */
export type Purpose = 'signing-in' | 'pager' | 'chat' | 'service';

/** A request of the client whose answer is of interest. */
export interface Request {
  /** Whom the message was for, and its cookie. */
  readonly peer?: string | undefined;
  readonly cookie?: string | undefined;
  /** The room that a service was asked for. */
  readonly room?: string | undefined;
}

export interface Invitation {
  readonly room: string | undefined;
  readonly fromClient: boolean;
}

/** A replacement, and what it was made for. */
interface Replaced {
  readonly kind: EventKind;
  readonly notice: string | undefined;
  readonly replacement: Replacement | undefined;
}

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

export class OscarFlow implements RendezvousHost {
  readonly context: FlowContext;
  readonly snac = new Snac();
  readonly tlvs = new TlvWalk();
  readonly user = new UserInfo();
  readonly groups = new Groups();
  readonly rendezvous: Rendezvous;
  /** By request number. */
  readonly requests = new RecentMap<Request, number>(REQUESTS_LIMIT, TABLE_OCTETS, requestHeld);
  /** State and text last said of a contact. */
  readonly presences = new RecentMap<string>(PRESENCES_LIMIT, TABLE_OCTETS, textHeld);
  /** By cookie. */
  readonly invitations = new RecentMap<Invitation>(INVITATIONS_LIMIT, TABLE_OCTETS, invitationHeld);
  purpose: Purpose | undefined = undefined;
  /** Canonical name of who signs in, or has, on the client's side. */
  account: string | undefined = undefined;
  /** The connection's cookie was given to this account while it was watched: its sign-in is said. */
  introduced = false;
  /** The client's sign-on frame was seen: a second one says nothing. */
  greeted = false;
  /** Sign-in was said here, or must have been before. */
  signedIn: boolean;
  signedOut = false;
  /** The client's list is complete: what it adds from now on is new. */
  ready: boolean;
  /** Of a chat connection. */
  room: string | undefined = undefined;
  joined = false;
  left = false;
  away = false;
  idle = false;
  /** What the client is, and what was said of it last. */
  ownState: string | undefined = undefined;
  ownSaid: string | undefined = undefined;
  /** The rendezvous under the hand, if the frame has one. */
  part: RendezvousPart | undefined = undefined;
  /** What goes in the place of the frame under the hand, where it was asked for. */
  replaced: Replaced | undefined = undefined;
  /** Where the SNAC's body begins in its buffer. */
  bodyStart = 0;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  /** Place of the frame: in its buffer, and in the stream. */
  #start = 0;
  #from = 0;
  #length = 0;
  #form: number = NO_FORM;
  #said = 0;
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext) {
    this.context = context;
    this.signedIn = context.midstream;
    this.ready = context.midstream;
    this.rendezvous = new Rendezvous(this);
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  /** A frame of `length` octets at buffer[start] stands at stream octet `from`. `form`: see neutral.ts. */
  begin(start: number, length: number, from: number, form: number): void {
    this.#start = start;
    this.#length = length;
    this.#from = from;
    this.#form = form;
    this.#said = 0;
    this.#anomalies = undefined;
    this.replaced = undefined;
  }

  /** Where the frame under the hand begins in its buffer. */
  get frameStart(): number {
    return this.#start;
  }

  /** The frame under the hand cannot vanish: nobody would answer the client. A refusal is a reset. */
  cannotVanish(): void {
    this.#form = NO_FORM;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = serviceOf(this.account);
    event.protocol = 'oscar';
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /** An event that the account makes on one side, somebody else on the other. */
  between(kind: EventKind, other: string | undefined): ImEvent {
    const event = this.newEvent(kind);
    const [from, to] = this.toServer ? [this.account, other] : [other, this.account];
    event.from = from;
    event.to = to === undefined ? undefined : [to];
    return event;
  }

  /**
   * Says the event. `textStart`, `textEnd` are positions in the frame's buffer where the event's text
   * stands as it is; -1 where it does not.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1): Decision {
    this.#said += 1;
    if (this.#said > EVENTS_LIMIT) {
      if (this.#said === EVENTS_LIMIT + 1) this.anomaly(Anomaly.TooManyEvents);
      return { action: 'pass', enforced: false };
    }
    const unit = this.#units[this.direction];
    const shift = this.#from - this.#start;
    unit.start = this.#from;
    unit.end = this.#from + this.#length;
    unit.textStart = textStart === -1 ? -1 : textStart + shift;
    unit.textEnd = textStart === -1 ? -1 : textEnd + shift;
    unit.head = FLAP_HEAD;
    unit.form = this.#form;
    // ICQ and AIM are one network: a number as the other party is the best there is.
    event.service ??= isIcqParty(event) ? 'icq' : undefined;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    return this.sink.event(event, unit);
  }

  anomaly(name: string): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  expect(connection: ExpectedConnection, refused: boolean): void {
    this.sink.expect(connection, refused);
  }

  /** A name that outlives its frame. */
  keep(name: string): string {
    return boundedCopy(name, NAME_LIMIT);
  }

  /** An entry of a table had to make room. */
  tableFull(): void {
    this.sink.anomaly(Anomaly.TableFull, this.direction);
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.part = undefined;
    this.replaced = undefined;
    this.snac.body.clear();
    this.tlvs.clear();
  }

  /** Memory of tables and texts, octets. */
  held(): number {
    const { account = '', room = '', ownSaid = '' } = this;
    const texts = 2 * (account.length + room.length + ownSaid.length);
    const tables = this.requests.held + this.presences.held + this.invitations.held;
    return FLOW_HELD + texts + tables + this.groups.held + this.rendezvous.held();
  }
}

function requestHeld({ peer = '', cookie = '', room = '' }: Request): number {
  return textHeld(peer) + textHeld(cookie) + textHeld(room);
}

function invitationHeld({ room = '' }: Invitation): number {
  return textHeld(room);
}

export function isRefused({ action, enforced }: Decision): boolean {
  return enforced && action !== 'pass' && action !== 'redact';
}

/** The text, or undefined where it is empty: an event holds no empty text. */
export function some(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function isIcqParty({ from, to, contact }: ImEvent): boolean {
  const party = from ?? to?.[0] ?? contact;
  return party !== undefined && isUin(party);
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
