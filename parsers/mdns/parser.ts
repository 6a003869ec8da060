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
import { MdnsAnomaly } from './anomalies.ts';
import { DnsName, DnsRecord, endOfName, HEADER } from './dns-message.ts';
import { isPresence, type Presence, readPresence } from './presence-record.ts';

const TXT = 16;
const ANSWER = 0x8000;
/** Records read of one datagram: 64 KiB hold six thousand of the shortest, a real one some dozen. */
const RECORDS_LIMIT = 512;
/** People on one flow whose last presence is remembered; a flow is one machine's. */
const PEOPLE_LIMIT = 32;
/** Characters of what is remembered of one: a record has at most a few strings of 255 octets. */
const KEPT_LIMIT = 1024;
const HELD = 2048;
const NOTHING = new Uint8Array(0);

export class MdnsParser implements FlowParser {
  readonly #name = new DnsName();
  readonly #record = new DnsRecord();
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
    const records = u16be(octets, 6) + u16be(octets, 8) + u16be(octets, 10);
    let at = HEADER;
    for (let n = u16be(octets, 4); n > 0 && at !== -1; n--) at = afterQuestion(octets, at);
    for (let n = 0; n < records && at !== -1; n++) {
      if (n === RECORDS_LIMIT) {
        sink.anomaly(MdnsAnomaly.TooManyRecords, direction);
        return;
      }
      at = this.#next(direction, octets, at, sink);
    }
    if (at === -1) sink.anomaly(MdnsAnomaly.Malformed, direction);
  }

  /** Reads the record at `at`; where the next one stands, -1 where none can. */
  #next(direction: Direction, octets: Uint8Array, at: number, sink: ParserSink): number {
    const record = this.#record;
    if (!record.read(octets, at)) return -1;
    if (record.type === TXT && this.#name.read(octets, record.name)) {
      if (isPresence(octets, this.#name)) this.#presence(direction, octets, sink);
    }
    return record.next;
  }

  #presence(direction: Direction, octets: Uint8Array, sink: ParserSink): void {
    const { data, next, ttl } = this.#record;
    const from = utf8(octets, this.#name.start(0), this.#name.end(0)).toLowerCase().trim();
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

/** Each takes five octets at least: the datagram bounds them. */
function afterQuestion(octets: Uint8Array, at: number): number {
  const end = endOfName(octets, at);
  return end === -1 || end + 4 > octets.length ? -1 : end + 4;
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
