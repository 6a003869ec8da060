/**
 * SIP with its extensions for instant messaging and presence (SIMPLE), both directions of one flow.
 *
 * Over TCP messages are cut by sip-framer.ts; over UDP a push is a datagram, which holds one message
 * (RFC 3261 §18.3). Messages are read in place by sip-message.ts and handled where dispatch.ts says.
 */
import { Sha1Stream } from '../../src/bytes/sha1-stream.ts';
import type { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { RecentMap } from '../framing/recent-map.ts';
import { SipAnomaly } from './anomalies.ts';
import { statedLength } from './content-length.ts';
import { dispatch } from './dispatch.ts';
import { headEnd } from './head-end.ts';
import { afterKeepAlive } from './keep-alive.ts';
import { checkParties } from './parties.ts';
import { replacement } from './refusal.ts';
import { SipFlow } from './sip-flow.ts';
import { SipFramer, type SipListener } from './sip-framer.ts';
import { BODY_LIMIT, HEAD_LIMIT, RECENT_LIMIT, TABLE_OCTETS } from './sip-limits.ts';
import type { SipMessage } from './sip-message.ts';
import { StartLine, startLineAt } from './start-line.ts';

const LF = 0x0a;
const CR = 0x0d;
/** STUN on the same port begins with two zero bits (RFC 5389 §6, RFC 5626 §3.5.2). */
const FIRST_OF_TEXT = 0x20;
const DIGEST_HELD = 16; // octets of an entry beside its text
const VERSION = '2.0';
const WITHOUT_EVENTS: ReadonlySet<string> = new Set(['ACK', 'OPTIONS', 'PRACK']);

export class SipParser implements FlowParser, SipListener {
  readonly #flow: SipFlow;
  readonly #framers: readonly [SipFramer, SipFramer] | undefined;
  readonly #offsets: [number, number] = [0, 0];
  /** Digests of datagrams, each with "it was refused". */
  readonly #recent = new RecentMap<boolean>(RECENT_LIMIT, TABLE_OCTETS, DIGEST_HELD);

  constructor(context: FlowContext) {
    const flow = new SipFlow(context);
    this.#flow = flow;
    const framer = (direction: Direction) =>
      new SipFramer(direction, flow.message, context.midstream);
    this.#framers =
      context.transport === 'udp'
        ? undefined
        : [framer(Direction.ToServer), framer(Direction.ToClient)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const flow = this.#flow;
    flow.direction = direction;
    flow.sink = sink;
    if (this.#framers !== undefined) this.#framers[direction].push(octets, this);
    else {
      const from = this.#offsets[direction];
      this.#offsets[direction] += octets.length;
      this.#datagram(octets, from);
    }
    flow.rest();
    return Status.More;
  }

  gap(direction: Direction, octets: number, _sink: ParserSink): Status {
    this.#framers?.[direction].gap(octets);
    this.#offsets[direction] += octets;
    return Status.More;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    return this.#framers?.[direction].pending ?? -1;
  }

  held(): number {
    const framers = this.#framers;
    const buffers = framers === undefined ? 0 : framers[0].held + framers[1].held;
    return buffers + this.#recent.held + this.#flow.held();
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacement(this.#flow, event, unit, notice);
  }

  anomaly(name: SipAnomaly): void {
    this.#flow.anomaly(name);
  }

  message(message: SipMessage, from: number, to: number): void {
    this.#flow.begin(from, to);
    this.#read(message);
  }

  #read(message: SipMessage): void {
    const flow = this.#flow;
    if (message.headers.refused > 0) flow.anomaly(SipAnomaly.BadHeader);
    if (hasLoneLf(message)) flow.anomaly(SipAnomaly.LoneLf);
    if (message.version !== VERSION) this.#otherVersion(message);
    else {
      checkParties(flow);
      dispatch(flow);
    }
    flow.done();
  }

  /** Its body is not read: a rule can refuse what cannot be judged. */
  oversized(message: SipMessage, from: number): void {
    const flow = this.#flow;
    flow.begin(from, -1);
    const event = flow.newEvent('app.unknown');
    event.reason = `${message.method} too large`;
    flow.say(event);
    flow.done();
  }

  #otherVersion(message: SipMessage): void {
    const flow = this.#flow;
    if (flow.saidVersion) return;
    flow.saidVersion = true;
    const event = flow.newEvent('app.unknown');
    event.reason = `SIP/${message.version}`;
    flow.say(event);
  }

  #datagram(octets: Uint8Array, from: number): void {
    const flow = this.#flow;
    const { message } = flow;
    const at = afterKeepAlive(octets);
    if (at >= octets.length || (octets[at] ?? 0) < FIRST_OF_TEXT) return;
    const to = from + octets.length;
    if (startLineAt(octets, at, octets.length) < StartLine.Request) {
      flow.anomaly(SipAnomaly.BadStartLine);
      flow.done();
      return;
    }
    const found = headEnd(octets, at, at, octets.length);
    // A message that ends with its header may lack the empty line.
    const stop = found === -1 ? octets.length : found;
    if (stop - at > HEAD_LIMIT || !message.read(octets, at, stop)) return;
    // Positions in the buffer are counted from the datagram, which is the unit.
    message.headStart = 0;
    message.bodyEnd = this.#bodyEnd(octets, stop);
    this.#once(octets, from, to);
  }

  /**
   * A request that comes again is said again only where it was refused. Answers need no memory of their own:
   * what they answer is forgotten with the first one.
   */
  #once(octets: Uint8Array, from: number, to: number): void {
    const flow = this.#flow;
    const { isRequest, method } = flow.message;
    flow.begin(from, to);
    if (!isRequest || WITHOUT_EVENTS.has(method)) {
      this.#read(flow.message);
      return;
    }
    const key = `${flow.direction} ${new Sha1Stream().write(octets).hex()}`;
    const refused = this.#recent.get(key);
    if (refused === false) {
      flow.done();
      return;
    }
    flow.repeated = refused === true;
    this.#read(flow.message);
    this.#recent.set(key, flow.refused);
  }

  #bodyEnd(octets: Uint8Array, stop: number): number {
    const flow = this.#flow;
    const stated = statedLength(flow.message, this);
    if (stated === -1 || stated > BODY_LIMIT) return octets.length;
    if (stop + stated > octets.length) flow.anomaly(SipAnomaly.ShortBody);
    if (stop + stated < octets.length) flow.anomaly(SipAnomaly.OctetsAfter);
    return Math.min(octets.length, stop + stated);
  }
}

/** Of the start line: the others follow suit. */
function hasLoneLf({ buffer, headStart, bodyStart }: SipMessage): boolean {
  const lf = buffer.indexOf(LF, headStart);
  return lf > headStart && lf < bodyStart && buffer[lf - 1] !== CR;
}
