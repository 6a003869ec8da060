/**
 * A DCC CHAT connection: LF-terminated lines of text from either party, `0x01 ACTION text 0x01` as
 * on IRC. Which party is the server of the connection is in the offer: who listens.
 */
import { utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
  type TransferOffer,
  type Unit,
} from '../contract.ts';
import { LineFramer, type LineListener } from '../framing/lines.ts';
import { DccAnomaly } from './anomalies.ts';

/** Octets of the longest line: chat has no limit of its own, IRC clients send some hundred. */
const LINE_LIMIT = 16_384;
const ACTION = '\x01ACTION ';

const HELD = 2048; // octets of the parser itself and its offer: measured, and rounded up

export class DccChatParser implements FlowParser, LineListener {
  readonly #offer: TransferOffer | undefined;
  readonly #framers = [new LineFramer(LINE_LIMIT), new LineFramer(LINE_LIMIT)] as const;
  readonly #unit: Unit = {
    direction: 0,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };
  #sink: ParserSink | undefined = undefined;
  #direction: Direction = Direction.ToServer;

  constructor(context: FlowContext) {
    this.#offer = context.expected?.offer;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#direction = direction;
    this.#sink = sink;
    this.#framers[direction].push(octets, this);
    this.#sink = undefined;
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.#framers[direction].gap(octets);
    return Status.More;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return HELD + this.#framers[0].held + this.#framers[1].held;
  }

  overlong(): void {
    this.#sink?.anomaly(DccAnomaly.LineSkipped, this.#direction);
  }

  line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    if (start === end) return;
    const body = utf8OrWindows1252(buffer, start, end);
    const action = body.startsWith(ACTION);
    const closed = action && body.endsWith('\x01');
    const textStart = action ? start + ACTION.length : start;
    const textEnd = closed ? end - 1 : end;
    if (textEnd <= textStart) return;
    const event = this.#newEvent();
    event.text = action ? body.slice(ACTION.length, closed ? -1 : undefined) : body;
    if (action) event.form = 'action';
    const verbatim = utf8Prefix(buffer, start, end) === end;
    this.#unit.direction = this.#direction;
    this.#unit.start = from;
    this.#unit.end = to;
    this.#unit.textStart = verbatim ? from + textStart - start : -1;
    this.#unit.textEnd = verbatim ? from + textEnd - start : -1;
    this.#sink?.event(event, this.#unit);
  }

  /** The offerer is the server of the connection when it listens. */
  #newEvent(): ImEvent {
    const offer = this.#offer;
    const event = new ImEvent('message');
    const byListener = this.#direction === Direction.ToClient;
    const byOfferer = byListener === (offer?.senderListens ?? true);
    event.service = offer?.service ?? 'irc';
    event.protocol = 'dcc-chat';
    event.account = offer?.account;
    event.from = byOfferer ? offer?.sender : offer?.recipient;
    const to = byOfferer ? offer?.recipient : offer?.sender;
    if (to !== undefined) event.to = [to];
    event.route = 'direct';
    // As on the IRC connection that announced it: the account's own words are the client's.
    const own = event.from !== undefined && event.from === offer?.account;
    if (offer?.account !== undefined) event.origin = own ? 'client' : 'server';
    else event.origin = byListener ? 'server' : 'client';
    return event;
  }
}
