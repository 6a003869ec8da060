/**
 * Which messenger's call a flow of STUN is, decided message by message: by a mark at once; by what one of its sockets
 * said elsewhere; and where neither tells, by the server's name or address, asked once when attributes had their
 * chance: the realm of a relay comes with the second or third message.
 */
import {
  type Direction,
  type FlowContext,
  type FlowFacts,
  type ParserSink,
  Status,
} from '../contract.ts';
import { StunAnomaly } from './anomalies.ts';
import { CallSockets } from './call-sockets.ts';
import { StunMarks } from './marks.ts';

/** Messages of a flow before names and addresses are asked, and before it is let go. */
const ASKED_AFTER = 4;
const LET_GO_AFTER = 24;

const REASON = 'STUN';
const BY_ADDRESS: FlowFacts = { evidence: 'stun', activity: 'call', reason: REASON };

export class StunCall {
  readonly #marks = new StunMarks();
  readonly #sockets: CallSockets;
  /** What the catalogue was asked for, so that each is asked once. */
  #said = '';
  #asked = false;
  #messages = 0;

  constructor(context: FlowContext) {
    this.#sockets = new CallSockets(context);
  }

  /** Undefined where `octets` are not exactly one message. */
  message(direction: Direction, octets: Uint8Array, sink: ParserSink): Status | undefined {
    const marks = this.#marks;
    if (!marks.read(octets)) return undefined;
    if (marks.malformed) sink.anomaly(StunAnomaly.Malformed, direction);
    if (this.#isMarked(direction, sink) || this.#isFollowed(sink)) return Status.Done;
    return this.count(sink);
  }

  /** Something else of the flow went by: media, a channel's data. */
  count(sink: ParserSink): Status {
    this.#messages += 1;
    if (this.#messages >= ASKED_AFTER && this.ask(sink)) return Status.Done;
    return this.#messages >= LET_GO_AFTER ? Status.Done : Status.More;
  }

  /** Whether the server's name or address tells. */
  ask(sink: ParserSink): boolean {
    if (this.#asked) return false;
    this.#asked = true;
    return sink.identify(BY_ADDRESS);
  }

  #isMarked(direction: Direction, sink: ParserSink): boolean {
    const { signature, realm } = this.#marks;
    if (signature === undefined && realm === undefined) return false;
    if (signature !== undefined) this.#sockets.remember(direction, signature);
    const said = `${signature} ${realm}`;
    if (said === this.#said) return false;
    this.#said = said;
    return sink.identify({
      evidence: 'stun',
      hosts: realm === undefined ? undefined : [realm],
      signatures: signature === undefined ? undefined : [signature],
      activity: 'call',
      reason: REASON,
    });
  }

  #isFollowed(sink: ParserSink): boolean {
    if (this.#messages > 0 || this.#said !== '') return false;
    const signature = this.#sockets.known();
    if (signature === undefined) return false;
    return sink.identify({
      evidence: 'stun',
      signatures: [signature],
      activity: 'call',
      confidence: 'medium',
      reason: REASON,
    });
  }
}
