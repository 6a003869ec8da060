/** What the handlers of one flow share: who is logged in, who else is there, and the command under the hand. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import {
  type Decision,
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type ParserSink,
  type Unit,
} from '../contract.ts';
import { HeaderBlock } from '../framing/header-block.ts';
import { Admission } from './admission.ts';
import { Anomaly } from './anomalies.ts';
import { Calls } from './calls.ts';
import { Chunks } from './chunks.ts';
import { MsnpCommand } from './command.ts';
import type { PeerBodies, PeerHost } from './conversation.ts';
import { canonical, isAddress } from './escapes.ts';
import { CHUNKED_OCTETS_LIMIT, NAME_LIMIT } from './msnp-limits.ts';
import { Form } from './neutral.ts';
import { Participants } from './participants.ts';
import { fileInvitations, peerReader } from './peer.ts';
import { People } from './people.ts';

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

/** Notification server: lists, presence, notices. Switchboard: one conversation. */
export const Role = { Unknown: 0, Notification: 1, Switchboard: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

export class MsnpFlow implements PeerHost {
  readonly context: FlowContext;
  /** `msnp`, or `msnp-http` inside the gateway. */
  readonly protocol: string;
  readonly participants = new Participants();
  readonly people = new People();
  readonly calls = new Calls();
  readonly chunks: readonly [Chunks, Chunks];
  readonly headers = new HeaderBlock();
  readonly peers: PeerBodies;
  readonly files: PeerBodies;
  readonly entry = new Admission();
  #role: Role = Role.Unknown;
  /** `15` of MSNP15; undefined while it is not agreed upon. */
  version: string | undefined = undefined;
  account: string | undefined = undefined;
  /** The address that is trying to sign in. */
  trying: string | undefined = undefined;
  /** The account is signed in here (notification server). */
  signedIn = false;
  /** The server sends the client elsewhere, or one of them said OUT. */
  leaving = false;
  /** Identifier of the switchboard session. */
  session: string | undefined = undefined;
  direction: Direction = Direction.ToServer;
  sink: ParserSink = NOWHERE;
  command = new MsnpCommand();
  /** Of the command under the hand: `Unit.head` and `Unit.form`. */
  head = 0;
  form: Form = Form.None;
  /** Which reader of bodies says the event under the hand. */
  speaking: PeerBodies | undefined = undefined;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #from = 0;
  #to = 0;
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext, protocol: string) {
    this.context = context;
    this.protocol = protocol;
    const budget = { octets: CHUNKED_OCTETS_LIMIT };
    this.chunks = [new Chunks(budget), new Chunks(budget)];
    this.peers = peerReader(this);
    this.files = fileInvitations(this);
  }

  get role(): Role {
    return this.#role;
  }

  /** What the connection is shows in its first commands; later ones of the other kind change nothing. */
  become(role: Role): void {
    if (this.#role === Role.Unknown) this.#role = role;
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  /** A command stands at [from, to) of the stream. */
  begin(from: number, to: number): void {
    this.#from = from;
    this.#to = to;
    this.#anomalies = undefined;
    this.head = 0;
    this.form = Form.None;
    this.speaking = undefined;
  }

  get from(): number {
    return this.#from;
  }
  get to(): number {
    return this.#to;
  }

  /** The account's own address, learnt from a command that only it can say. */
  learnAccount(address: string): void {
    if (this.account === undefined && isAddress(address)) this.account = kept(address);
  }

  isOwn(address: string): boolean {
    return this.account !== undefined && address === this.account;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = this.bare(kind);
    if (this.role !== Role.Notification && this.participants.isRoom) {
      event.room = this.room();
      event.route = 'room';
    } else event.route = 'direct';
    return event;
  }

  /** An event without a conversation. */
  bare(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'msn';
    event.protocol = this.protocol;
    event.protocolVersion = this.version;
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /**
   * The name of the room: the session's identifier, which all that are there see alike. Where it was
   * not seen (picked up in the middle), the address of the switchboard and the client's port.
   */
  room(): string {
    const { serverAddress, serverPort, clientPort } = this.context;
    return this.session ?? `${serverAddress}:${serverPort}/${clientPort}`;
  }

  /** Puts the recipients of a conversation's event. */
  address(event: ImEvent, from: string | undefined): ImEvent {
    event.from = from;
    if (event.room !== undefined) return event;
    if (this.toServer) {
      const { others } = this.participants;
      if (others.length > 0) event.to = others;
    } else if (this.account !== undefined) event.to = [this.account];
    return event;
  }

  /**
   * Says the event. `textStart`, `textEnd` are positions in the command's buffer where its text stands
   * as it is; -1 where it does not.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1): Decision {
    const unit = this.#units[this.direction];
    const shift = this.#from - this.command.start;
    unit.start = this.#from;
    unit.end = this.#to;
    unit.textStart = textStart === -1 ? -1 : textStart + shift;
    unit.textEnd = textStart === -1 ? -1 : textEnd + shift;
    unit.head = this.head;
    unit.form = this.form;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    return this.sink.event(event, unit);
  }

  /** A command, or a kind of message, that this decoder does not know. */
  unknown(reason: string, text?: string): void {
    const event = this.bare('app.unknown');
    event.from = this.toServer ? this.account : undefined;
    event.reason = reason;
    event.text = text;
    this.say(event);
  }

  anomaly(name: string): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  tableFull(): void {
    this.anomaly(Anomaly.TableFull);
  }

  expect(connection: ExpectedConnection, refused = false): void {
    this.sink.expect(connection, refused);
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.command.clear();
    // Clearing costs an allocation, and most commands have no headers.
    if (this.headers.size > 0) this.headers.clear();
  }

  /** Memory of tables, octets: two per UTF-16 unit and a round figure per entry. */
  held(): number {
    const { account = '', trying = '', session = '' } = this;
    let octets = FLOW_HELD + 2 * (account.length + trying.length + session.length);
    octets += this.entry.held() + this.participants.held() + this.people.held() + this.calls.held();
    octets += this.chunks[0].held() + this.chunks[1].held();
    return octets + this.peers.held() + this.files.held();
  }
}

/** The text, or undefined where it is empty: an event holds no empty text. */
export function some(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** A person's canonical address, or undefined where there is none. */
export function person(address: string): string | undefined {
  return some(canonical(address));
}

export function kept(name: string): string {
  return boundedCopy(name, NAME_LIMIT);
}

/** Whether the decision took the unit off the wire. */
export function refused({ action, enforced }: Decision): boolean {
  return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
