/** What the handlers of one flow share: who is there, and the packet under the hand. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction, type ParserSink, type Unit } from '../contract.ts';
import type { Anomaly } from './anomalies.ts';
import { ALIASES_LIMIT, NAME_LIMIT, PENDING_LIMIT, TOPIC_LIMIT } from './mqtt-limits.ts';
import { Level, versionText } from './packet-type.ts';
import { Properties } from './properties.ts';

const FLOW_HELD = 4096; // octets of a flow with empty tables: measured, and rounded up
const ENTRY_HELD = 128; // octets of a table's entry, beside its text
const NOTHING = new Uint8Array(0);

const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

/** What a packet of one direction leaves behind for later ones of the same direction. */
interface Side {
  readonly unit: Unit;
  /** Topics by alias (5.0 §3.3.2.3.4). */
  readonly aliases: Map<number, string>;
  /** Messages by packet identifier until they are acknowledged: a repetition is not said again. */
  readonly unacknowledged: Map<number, string>;
}

export class MqttFlow {
  sink: ParserSink = NOWHERE;
  direction: Direction = Direction.ToServer;
  /** The packet under the hand: buffer[start, end) of `length` octets, its body from `body`. */
  buffer: Uint8Array = NOTHING;
  start = 0;
  body = 0;
  end = 0;
  length = 0;
  /** Stream offset of its first octet. */
  from = 0;
  readonly properties = new Properties();
  level: number = Level.Unknown;
  /** User name, else client identifier. */
  account: string | undefined = undefined;
  clientId: string | undefined = undefined;
  connected = false;
  left = false;
  /** Topics of SUBSCRIBE by packet identifier, until SUBACK. */
  readonly subscriptions = new Map<number, readonly string[]>();
  /** What the client said last: the broker says it to the client as well, if it has subscribed. */
  readonly said: string[] = [];
  readonly #sides: readonly [Side, Side] = [
    newSide(Direction.ToServer),
    newSide(Direction.ToClient),
  ];
  #anomalies: string[] | undefined = undefined;

  get toServer(): boolean {
    return this.direction === Direction.ToServer;
  }

  get isV5(): boolean {
    return this.level >= Level.V5;
  }

  get side(): Side {
    return this.#sides[this.direction];
  }

  get otherSide(): Side {
    return this.#sides[this.toServer ? Direction.ToClient : Direction.ToServer];
  }

  /** All of the packet is there. */
  get whole(): boolean {
    return this.end - this.start === this.length;
  }

  begin(buffer: Uint8Array, start: number, end: number, from: number, length: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.from = from;
    this.length = length;
    this.#anomalies = undefined;
  }

  /** No call is in progress: nothing lent is kept. */
  rest(): void {
    this.buffer = NOTHING;
    this.sink = NOWHERE;
  }

  newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    event.service = 'mqtt';
    event.protocol = 'mqtt';
    event.protocolVersion = versionText(this.level);
    event.origin = this.toServer ? 'client' : 'server';
    event.account = this.account;
    return event;
  }

  /** The unit of the whole packet, without text and without a neutral form. */
  unit(): Unit {
    const { unit } = this.side;
    unit.start = this.from;
    unit.end = this.whole ? this.from + this.length : -1;
    unit.textStart = -1;
    unit.textEnd = -1;
    unit.head = 0;
    unit.form = -1;
    return unit;
  }

  /** Stream offset of an octet of the buffer. */
  offsetOf(at: number): number {
    return this.from + at - this.start;
  }

  /** True when the unit was taken off the wire. */
  say(event: ImEvent, unit = this.unit()): boolean {
    if (this.#anomalies !== undefined) event.anomalies = this.#anomalies;
    const { action, enforced } = this.sink.event(event, unit);
    return enforced && (action === 'drop' || action === 'reset' || action === 'hold');
  }

  anomaly(name: Anomaly): void {
    this.sink.anomaly(name, this.direction);
    if (this.#anomalies === undefined) this.#anomalies = [name];
    else if (!this.#anomalies.includes(name)) this.#anomalies = [...this.#anomalies, name];
  }

  setAccount(name: string): void {
    this.account = boundedCopy(name, NAME_LIMIT);
  }

  setAlias(alias: number, topic: string): void {
    const { aliases } = this.side;
    if (!aliases.has(alias) && aliases.size >= ALIASES_LIMIT) forgetOldest(aliases);
    aliases.set(alias, boundedCopy(topic, TOPIC_LIMIT));
  }

  /** Memory of tables, octets: two per UTF-16 unit and a round figure per entry. */
  held(): number {
    const { account = '', clientId = '' } = this;
    let octets = FLOW_HELD + 2 * (account.length + clientId.length);
    for (const { aliases, unacknowledged } of this.#sides) {
      octets += heldBy(aliases.values()) + heldBy(unacknowledged.values());
    }
    for (const topics of this.subscriptions.values()) octets += ENTRY_HELD + heldBy(topics);
    return octets + heldBy(this.said);
  }
}

/** Remembers under a packet identifier; of too many the oldest is forgotten. */
export function remember<T>(map: Map<number, T>, id: number, value: T): void {
  if (!map.has(id) && map.size >= PENDING_LIMIT) forgetOldest(map);
  map.set(id, value);
}

function forgetOldest(map: Map<number, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

function heldBy(texts: Iterable<string>): number {
  let octets = 0;
  for (const text of texts) octets += ENTRY_HELD + 2 * text.length;
  return octets;
}

function newSide(direction: Direction): Side {
  return {
    unit: { direction, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: -1 },
    aliases: new Map(),
    unacknowledged: new Map(),
  };
}
