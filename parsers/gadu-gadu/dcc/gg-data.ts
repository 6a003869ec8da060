/**
 * The data connection of a file: after the handshake the file's octets from the sender, raw, to the announced
 * size.
 *
 *   file.start     the first octet of content, or the end of an empty file
 *   file.complete  size = offset + octets; sha256 where all of it passed; the SHA-1 of the offer is compared
 *   file.cancel    the sender's stream ended early: `incomplete`
 */
import { Sha1Stream } from '../../../src/bytes/sha1-stream.ts';
import { type FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import {
  type ContentFollower,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
  type TransferOffer,
  type Unit,
} from '../../contract.ts';
import { Anomaly } from '../anomalies.ts';
import { sha1Key } from '../transfers.ts';
import { DataHandshake } from './data-handshake.ts';

const HELD = 2560; // octets of the parser itself and its offer: measured, and rounded up

export class GgDataParser implements FlowParser {
  readonly #context: FlowContext;
  readonly #protocol: string;
  readonly #handshakes: readonly [DataHandshake, DataHandshake];
  readonly #unit: Unit = {
    direction: Direction.ToClient,
    start: 0,
    end: -1,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: -1,
  };
  #offer: TransferOffer | undefined;
  #token: string | undefined;
  readonly #offsets: [number, number] = [0, 0];
  /** Direction of the content, -1 before it is known. */
  #content: Direction | -1 = -1;
  #got = 0;
  #lost = false;
  #ended = false;
  #odd = false;
  #follower: ContentFollower | undefined = undefined;
  #sha1: Sha1Stream | undefined = undefined;

  constructor(context: FlowContext, protocol: 'gg-dcc' | 'gg-relay') {
    this.#context = context;
    this.#protocol = protocol;
    this.#offer = context.expected?.offer;
    this.#token = this.#offer?.token;
    const relayed = protocol === 'gg-relay';
    this.#handshakes = [new DataHandshake(relayed), new DataHandshake(relayed)];
    if (this.#offer?.senderListens !== undefined) {
      this.#content = this.#offer.senderListens ? Direction.ToClient : Direction.ToServer;
    }
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#ended) return Status.Done;
    const handshake = this.#handshakes[direction];
    let at = 0;
    if (!handshake.over) {
      at = handshake.push(octets);
      if (handshake.over && !this.#opened(handshake.token)) return Status.Lost;
    }
    const offset = this.#offsets[direction];
    this.#offsets[direction] += octets.length;
    if (at >= octets.length) return Status.More;
    return this.#take(direction, octets.subarray(at), offset + at, sink);
  }

  /** False where it is another transfer than announced, or no handshake at all. */
  #opened(token: string | undefined): boolean {
    if (token === undefined) return false;
    if (this.#token === undefined) {
      this.#token = token;
      this.#offer = this.#context.expectedByToken(token)?.offer;
    }
    return token === this.#token;
  }

  #take(direction: Direction, octets: Uint8Array, from: number, sink: ParserSink): Status {
    if (this.#content === -1) this.#content = direction;
    if (direction !== this.#content) {
      if (!this.#odd) sink.anomaly(Anomaly.BothDirections, direction);
      this.#odd = true;
      return Status.More;
    }
    this.#start(from, sink);
    const left = this.#left();
    const part = octets.length > left ? octets.subarray(0, left) : octets;
    this.#got += part.length;
    this.#follower?.write(part);
    this.#sha1?.write(part);
    if (part.length < octets.length) sink.anomaly(Anomaly.BeyondSize, direction);
    return this.#left() === 0 ? this.#complete(sink) : Status.More;
  }

  #started = false;

  #start(from: number, sink: ParserSink): void {
    if (this.#started) return;
    this.#started = true;
    this.#unit.direction = this.#content === -1 ? Direction.ToClient : this.#content;
    this.#unit.start = from;
    this.#follower = this.#context.follow();
    if (this.#announcedSha1() !== undefined && this.#offset() === 0) this.#sha1 = new Sha1Stream();
    sink.event(this.#event('file.start', this.#offer?.size), this.#unit);
  }

  #announcedSha1(): string | undefined {
    if (this.#token === undefined) return undefined;
    const kept = this.#context.memory.get(sha1Key(this.#token));
    return typeof kept === 'string' ? kept : undefined;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (this.#ended) return Status.Done;
    if (!this.#handshakes[direction].over) return Status.Lost;
    this.#offsets[direction] += octets;
    if (direction !== this.#content) return Status.More;
    this.#start(this.#offsets[direction] - octets, sink);
    this.#lost = true;
    this.#follower?.discard();
    this.#follower = undefined;
    this.#sha1 = undefined;
    this.#got += octets;
    return this.#left() === 0 ? this.#complete(sink) : Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    if (this.#ended || direction !== this.#content || !this.#handshakes[direction].over) return;
    const size = this.#offer?.size;
    if (!this.#started && size !== 0) return; // opened, and nothing came
    this.#start(this.#offsets[direction], sink);
    if (size === undefined || this.#left() === 0) this.#complete(sink);
    else this.#cancel(sink);
  }

  #offset(): number {
    return this.#offer?.offset ?? 0;
  }

  /** Octets that may still come. */
  #left(): number {
    const size = this.#offer?.size;
    return size === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, size - this.#offset() - this.#got);
  }

  #complete(sink: ParserSink): Status {
    this.#ended = true;
    const event = this.#event('file.complete', this.#offset() + this.#got);
    const hash = this.#lost ? undefined : this.#follower?.finish();
    this.#follower = undefined;
    if (this.#lost) event.reason = 'gap';
    if (hash !== undefined && event.file !== undefined) event.file.sha256 = hash;
    const sha1 = this.#sha1?.hex();
    if (sha1 !== undefined && sha1 !== this.#announcedSha1()) {
      sink.anomaly(Anomaly.HashDiffers, this.#unit.direction);
      event.anomalies = [Anomaly.HashDiffers];
    }
    if (this.#token !== undefined) this.#context.memory.delete(sha1Key(this.#token));
    this.#unit.end = this.#unit.start + this.#got;
    sink.event(event, this.#unit);
    return Status.Done;
  }

  #cancel(sink: ParserSink): void {
    this.#ended = true;
    this.#follower?.discard();
    this.#follower = undefined;
    const event = this.#event('file.cancel', this.#offset() + this.#got);
    event.reason = 'incomplete';
    this.#unit.end = this.#unit.start + this.#got;
    sink.event(event, this.#unit);
  }

  #event(kind: EventKind, size: number | undefined): ImEvent {
    const event = new ImEvent(kind);
    const offer = this.#offer;
    event.service = 'gadu-gadu';
    event.protocol = this.#protocol;
    event.origin = offer?.origin ?? (this.#content === Direction.ToServer ? 'client' : 'server');
    event.account = offer?.account;
    event.from = offer?.sender;
    if (offer?.recipient !== undefined) event.to = [offer.recipient];
    event.route = 'direct';
    const { serverAddress, serverPort } = this.#context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    const file: FileReference = {
      method: 'gg',
      token: this.#token,
      endpoint: `${host}:${serverPort}`,
    };
    if (offer?.name !== undefined) file.name = offer.name;
    if (size !== undefined) file.size = size;
    if (this.#offset() > 0) file.offset = this.#offset();
    event.file = file;
    return event;
  }

  /** Octets of content pass as they come: a refusal of the offer is a reset. */
  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD;
  }
}
