/** What the handlers of one Direct Connect flow share, NMDC or ADC, hub or peer. */
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../contract.ts';
import type { Anomaly } from './anomalies.ts';

/** Octets of a flow with empty tables: measured, and rounded up. */
const FLOW_HELD = 4096;

const NOTHING = new Uint8Array(0);

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

export class DcFlow {
  readonly context: FlowContext;
  readonly protocol: 'nmdc' | 'adc';
  sink: ParserSink = NOWHERE;
  direction: Direction = Direction.ToServer;
  /**
   * hub: client and hub; peer: two clients. Undefined until a command of the server tells: a client that
   * could choose would have its words to a hub passed over as a file.
   */
  role: 'hub' | 'peer' | undefined = undefined;
  /** Only the beginning of the command is there. */
  cut = false;
  version: string | undefined = undefined;
  /** Who is signed in at the hub; between peers, the nick whose hub connection announced the flow. */
  account: string | undefined = undefined;
  /** The nick that the client asked for. */
  tried: string | undefined = undefined;
  signedIn = false;
  hubName: string | undefined = undefined;
  topic: string | undefined = undefined;
  /** Octets that travel this way are the account's own. */
  side: Direction = Direction.ToServer;
  /** The handlers found that what follows in this direction is compressed. */
  compressed = false;
  /** The octets under the hand: a command's, lent. */
  buffer: Uint8Array = NOTHING;
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #start = 0;
  #from = 0;
  #to = 0;
  #anomalies: string[] | undefined = undefined;

  constructor(context: FlowContext, protocol: 'nmdc' | 'adc') {
    this.context = context;
    this.protocol = protocol;
  }

  /** Files may pass here. */
  get carriesFiles(): boolean {
    if (this.cut) return false;
    return this.role === undefined ? this.context.midstream : this.role === 'peer';
  }

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  /** The unit under the hand is [from, to) of the stream; buffer[start] is its first octet. */
  begin(start: number, from: number, to: number): void {
    this.#start = start;
    this.#from = from;
    this.#to = to;
    this.#anomalies = undefined;
  }

  get from(): number {
    return this.#from;
  }

  make(kind: EventKind, sender: Direction = this.direction): ImEvent {
    const event = new ImEvent(kind);
    event.service = this.protocol;
    event.protocol = this.protocol;
    event.protocolVersion = this.version;
    event.origin = sender === this.side ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /** The hub's name once it said it, else its address. */
  get room(): string {
    if (this.hubName !== undefined) return this.hubName;
    const { serverAddress, serverPort } = this.context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    return `${host}:${serverPort}`;
  }

  /** An event of the hub as a room. */
  inRoom(kind: EventKind, from: string | undefined): ImEvent {
    const event = this.make(kind);
    event.from = from;
    event.room = this.room;
    event.route = 'room';
    return event;
  }

  /**
   * Says the event. `textStart`, `textEnd` are positions in `buffer` where its text stands as it is.
   * True when the unit was taken off the wire.
   */
  say(event: ImEvent, textStart = -1, textEnd = -1, form = 0): boolean {
    const unit = this.#units[this.direction];
    const there = textStart !== -1 && this.#from !== -1;
    unit.start = this.#from;
    unit.end = this.#to;
    unit.textStart = there ? this.#from + textStart - this.#start : -1;
    unit.textEnd = there ? this.#from + textEnd - this.#start : -1;
    // A client that goes on although it was not let in has to be stopped: by a reset.
    const hasEnd = this.#from !== -1 && (this.#to !== -1 || form === -1);
    unit.form = hasEnd && event.kind !== 'session.login' ? form : -1;
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  anomaly(name: Anomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.sink = NOWHERE;
    this.buffer = NOTHING;
  }

  /** Memory of tables, octets. */
  held(): number {
    const { hubName = '', topic = '', tried = '', account = '' } = this;
    return FLOW_HELD + 2 * (hubName.length + topic.length + tried.length + account.length);
  }
}

export function other(direction: Direction): Direction {
  return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
}
