/**
 * Presence on a link (XEP-0174): multicast DNS answers with a `_presence._tcp` record. Everything else in
 * multicast DNS is passed over; nothing of it is kept.
 */
import { u16be } from '../../src/bytes/read.ts';
import { ownCopy, utf8 } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { HEADER } from '../framing/dns-message.ts';
import { MdnsAnomaly } from './anomalies.ts';
import { type Presence, readPresence } from './presence-record.ts';
import { Records } from './records.ts';

const ANSWER = 0x8000;
/** People on one flow whose last presence is remembered; a flow is one machine's. */
const PEOPLE_LIMIT = 32;
/** Characters of what is remembered of one: a record has at most a few strings of 255 octets. */
const KEPT_LIMIT = 1024;
const HELD = 2048;
const NOTHING = new Uint8Array(0);

export class MdnsParser implements FlowParser {
  readonly #records = new Records();
  readonly #offsets: [number, number] = [0, 0];
  /** By name, what was said last. */
  readonly #people = new Map<string, string>();
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const unit = this.#unit;
    unit.direction = direction;
    unit.start = this.#offsets[direction];
    unit.end = unit.start + octets.length;
    this.#offsets[direction] = unit.end;
    if (octets.length === 0) return Status.More;
    if (octets.length < HEADER) sink.anomaly(MdnsAnomaly.Malformed, direction);
    else if ((u16be(octets, 2) & ANSWER) !== 0) this.#answer(direction, octets, sink);
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.#offsets[direction] += octets;
    return Status.More;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    let octets = HELD;
    for (const [name, said] of this.#people) octets += 128 + 2 * (name.length + said.length);
    return octets;
  }

  /** The datagram is lost; what it announces is announced again. */
  replace(): Replacement {
    return { forward: NOTHING, back: NOTHING };
  }

  #answer(direction: Direction, octets: Uint8Array, sink: ParserSink): void {
    const records = this.#records;
    records.begin(octets);
    while (records.next()) {
      if (records.isPresence) this.#presence(direction, octets, sink);
    }
    if (records.fault !== undefined) sink.anomaly(records.fault, direction);
    records.clear();
  }

  #presence(direction: Direction, octets: Uint8Array, sink: ParserSink): void {
    const { name, record } = this.#records;
    const { data, next, ttl } = record;
    const from = utf8(octets, name.start(0), name.end(0)).toLowerCase().trim();
    if (from === '') return;
    const presence = readPresence(octets, data, next);
    const state = ttl === 0 ? 'offline' : presence.state;
    if (!this.#isNews(from, `${state}\n${presence.name ?? ''}\n${presence.status ?? ''}`)) return;
    sink.event(eventOf(direction, from, state, presence), this.#unit);
  }

  #isNews(name: string, said: string): boolean {
    const kept = ownCopy(said.slice(0, KEPT_LIMIT));
    if (this.#people.get(name) === kept) return false;
    this.#people.delete(name);
    if (this.#people.size >= PEOPLE_LIMIT) {
      for (const oldest of this.#people.keys()) {
        this.#people.delete(oldest);
        break;
      }
    }
    this.#people.set(ownCopy(name), kept);
    return true;
  }
}

function eventOf(direction: Direction, from: string, state: string, presence: Presence): ImEvent {
  const toServer = direction === Direction.ToServer;
  const event = new ImEvent('presence');
  event.service = 'bonjour';
  event.protocol = 'mdns';
  event.protocolVersion = presence.version;
  event.origin = toServer ? 'client' : 'server';
  if (toServer) event.account = from;
  event.from = from;
  event.state = state;
  event.status = presence.status;
  event.name = presence.name;
  return event;
}
