/**
 * The data connection of a DCC file: raw octets from the sender, no header.
 *
 * The receiver answers with acknowledgements of four octets (big-endian count of octets received,
 * modulo 2^32), whole, split, coalesced or, in turbo mode, never: they carry nothing that the
 * sender's own octets do not say, and are passed over. Ends when the announced size is reached,
 * or, where none was announced, with the sender's stream.
 *
 *   file.start     the first octet of content, or the end of an empty file
 *   file.complete  size = offset + octets; sha256 of what passed, unless octets are missing: after
 *                  a resumption (file.offset) that is the tail alone
 *   file.cancel    the sender's stream ended early: `incomplete`; octets are missing: `gap`
 */
import { type FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import {
  type ContentFollower,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
  type TransferOffer,
  type Unit,
} from '../contract.ts';
import { DccAnomaly } from './anomalies.ts';

/** Octets of the parser itself and its offer: measured, and rounded up. */
const HELD = 2048;

/** Octets of acknowledgements before the receiver's side counts as talking: 4 per content octet. */
const ACKNOWLEDGEMENT = 4;

export class DccSendParser implements FlowParser {
  readonly #context: FlowContext;
  readonly #offer: TransferOffer | undefined;
  readonly #unit: Unit;
  #content: Direction;
  readonly #offset: number;
  #received = 0;
  #acknowledged = 0;
  #lost = 0;
  #started = false;
  #ended = false;
  #follower: ContentFollower | undefined = undefined;

  constructor(context: FlowContext) {
    this.#context = context;
    this.#offer = context.expected?.offer;
    // Who listens is the server of the data connection.
    this.#content = this.#offer?.senderListens === false ? Direction.ToServer : Direction.ToClient;
    this.#unit = {
      direction: this.#content,
      start: 0,
      end: -1,
      textStart: -1,
      textEnd: -1,
      head: 0,
      form: -1,
    };
    this.#offset = this.#offer?.offset ?? 0;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#ended) return Status.Done;
    if (direction !== this.#content) return this.#answer(direction, octets.length, sink);
    if (octets.length === 0) return Status.More;
    this.#start(sink);
    const size = this.#offer?.size;
    const left = size === undefined ? octets.length : this.#left(size);
    const part = octets.length > left ? octets.subarray(0, left) : octets;
    this.#received += part.length;
    this.#follower?.write(part);
    if (part.length < octets.length) sink.anomaly(DccAnomaly.BeyondSize, direction);
    if (size !== undefined && this.#left(size) === 0) return this.#complete(sink);
    return Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (this.#ended) return Status.Done;
    if (direction !== this.#content) return Status.More;
    this.#start(sink);
    this.#lost += octets;
    this.#follower?.discard();
    this.#follower = undefined;
    this.#received += octets;
    const size = this.#offer?.size;
    return size !== undefined && this.#left(size) === 0 ? this.#complete(sink) : Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    if (this.#ended || direction !== this.#content) return;
    const size = this.#offer?.size;
    const empty = this.#received === 0 && size !== 0;
    // Nobody ever sent an octet: the connection opened, the transfer did not.
    if (empty && size === undefined) return;
    this.#start(sink);
    if (size === undefined || this.#left(size) === 0) this.#complete(sink);
    else this.#cancel(sink);
  }

  /** Octets of content pass as they come: a refusal of the offer is a reset. */
  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD;
  }

  #left(size: number): number {
    return Math.max(0, size - this.#offset - this.#received);
  }

  /** A receiver never says more than its acknowledgements. */
  #answer(direction: Direction, octets: number, sink: ParserSink): Status {
    const before = this.#acknowledged;
    this.#acknowledged += octets;
    const most = ACKNOWLEDGEMENT * (this.#received + 1);
    if (before <= most && this.#acknowledged > most) {
      sink.anomaly(DccAnomaly.Acknowledgements, direction);
    }
    return Status.More;
  }

  #start(sink: ParserSink): void {
    if (this.#started) return;
    this.#started = true;
    this.#follower = this.#context.follow();
    const event = this.#newEvent('file.start');
    event.file = this.#file(this.#offer?.size);
    sink.event(event, this.#unit);
  }

  #complete(sink: ParserSink): Status {
    this.#ended = true;
    const event = this.#newEvent('file.complete');
    const file = this.#file(this.#offset + this.#received);
    const hash = this.#follower?.finish();
    this.#follower = undefined;
    if (hash !== undefined && this.#lost === 0) file.sha256 = hash;
    event.file = file;
    if (this.#lost > 0) event.reason = 'gap';
    this.#unit.end = this.#received;
    sink.event(event, this.#unit);
    return Status.Done;
  }

  #cancel(sink: ParserSink): void {
    this.#ended = true;
    this.#follower?.discard();
    this.#follower = undefined;
    const event = this.#newEvent('file.cancel');
    event.file = this.#file(this.#offset + this.#received);
    event.reason = 'incomplete';
    this.#unit.end = this.#received;
    sink.event(event, this.#unit);
  }

  #file(size: number | undefined): FileReference {
    const { clientAddress, serverAddress, serverPort } = this.#context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    const file: FileReference = {
      name: this.#offer?.name,
      size,
      method: 'dcc',
      token: this.#offer?.token,
      endpoint: clientAddress === '' ? undefined : `${host}:${serverPort}`,
    };
    if (this.#offset > 0) file.offset = this.#offset;
    return file;
  }

  #newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    const offer = this.#offer;
    event.service = offer?.service ?? 'irc';
    event.protocol = 'dcc-send';
    // As on the IRC connection of the offer: its account's own files are the client's.
    event.origin = offer?.origin;
    event.account = offer?.account;
    event.from = offer?.sender;
    if (offer?.recipient !== undefined) event.to = [offer.recipient];
    event.room = offer?.room;
    event.route = offer?.room === undefined ? 'direct' : 'room';
    return event;
  }
}
