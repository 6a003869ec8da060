/**
 * A SOCKS5 bytestream (XEP-0065, XEP-0260): after the handshake, the octets of one file, raw, in
 * whichever direction they come. The token in the request ties them to the offer.
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
import { Handshake, Socks5Handshake } from './handshake.ts';

/** Odd input, by name. */
export const Socks5Anomaly = {
  /** More octets than the offer announced. */
  SizeExceeded: 'size-exceeded',
  /** Octets against the direction of the content. */
  BothDirections: 'content-both-ways',
} as const;

const HELD = 2048; // octets of the parser itself and its offer: measured, and rounded up

export class Socks5Parser implements FlowParser {
  readonly #context: FlowContext;
  readonly #handshake = new Socks5Handshake();
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: -1,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: -1,
  };
  readonly #offsets: [number, number] = [0, 0];
  readonly #ended: [boolean, boolean] = [false, false];
  #open = false;
  /** Direction of the content, -1 before its first octet. */
  #content: Direction | -1 = -1;
  #offer: TransferOffer | undefined = undefined;
  #follower: ContentFollower | undefined = undefined;
  #octets = 0;
  #broken = false;
  #over = false;
  #exceeded = false;
  #bothWays = false;

  constructor(context: FlowContext) {
    this.#context = context;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    let at = 0;
    if (!this.#handshake.over(direction)) {
      const said = this.#handshake.push(direction, octets);
      if (said === Handshake.Broken) return Status.Lost;
      if (said === Handshake.Refused) return Status.Done;
      if (said === Handshake.Open) this.#open = true;
      at = this.#handshake.used;
    }
    if (at < octets.length) this.#take(direction, octets, at, sink);
    this.#offsets[direction] += octets.length;
    return Status.More;
  }

  #take(direction: Direction, octets: Uint8Array, at: number, sink: ParserSink): void {
    if (this.#content === -1) this.#start(direction, this.#offsets[direction] + at, sink);
    if (direction !== this.#content) {
      if (!this.#bothWays) sink.anomaly(Socks5Anomaly.BothDirections, direction);
      this.#bothWays = true;
      return;
    }
    const content = at === 0 ? octets : octets.subarray(at);
    if (!this.#over) this.#follower?.write(content);
    this.#count(content.length, sink);
  }

  #count(octets: number, sink: ParserSink): void {
    this.#octets += octets;
    const announced = this.#announced();
    if (announced === undefined || this.#octets < announced) return;
    if (this.#octets > announced) {
      if (!this.#exceeded) sink.anomaly(Socks5Anomaly.SizeExceeded, this.#unit.direction);
      this.#exceeded = true;
    } else this.#complete(sink);
  }

  /** Octets that are to come over this connection. */
  #announced(): number | undefined {
    const offer = this.#offer;
    return offer?.size === undefined ? undefined : Math.max(0, offer.size - offer.offset);
  }

  #start(direction: Direction, start: number, sink: ParserSink): void {
    this.#content = direction;
    this.#unit.direction = direction;
    this.#unit.start = start;
    this.#offer = this.#findOffer();
    this.#follower = this.#context.follow();
    sink.event(this.#make('file.start', direction), this.#unit);
  }

  /** By token; by address only where that connection was not announced under another token. */
  #findOffer(): TransferOffer | undefined {
    const { token } = this.#handshake;
    const { expected } = this.#context;
    const named = token === undefined ? undefined : this.#context.expectedByToken(token);
    if (named !== undefined) return named.offer;
    return expected?.token === undefined || expected.token === token ? expected?.offer : undefined;
  }

  #make(kind: EventKind, direction: Direction): ImEvent {
    const event = new ImEvent(kind);
    const offer = this.#offer;
    const token = offer?.token ?? this.#handshake.token;
    event.service = offer?.service ?? 'xmpp';
    event.protocol = 'socks5';
    event.account = offer?.account;
    event.origin = offer?.origin ?? (direction === Direction.ToServer ? 'client' : 'server');
    event.from = offer?.sender;
    event.to = offer?.recipient === undefined ? undefined : [offer.recipient];
    event.room = offer?.room;
    event.route = 'direct';
    const file: FileReference = { method: 'socks5', endpoint: this.#endpoint() };
    if (offer?.name !== undefined) file.name = offer.name;
    if (offer?.size !== undefined) file.size = offer.size;
    if (offer?.mime !== undefined) file.mime = offer.mime;
    if (token !== undefined) file.token = token;
    if (offer !== undefined && offer.offset > 0) file.offset = offer.offset;
    event.file = file;
    return event;
  }

  #endpoint(): string {
    const { serverAddress, serverPort } = this.#context;
    const address = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    return `${address}:${serverPort}`;
  }

  #complete(sink: ParserSink): void {
    if (this.#over || this.#content === -1) return;
    this.#over = true;
    const event = this.#make('file.complete', this.#content);
    this.#counted(event);
    sink.event(event, this.#unit);
  }

  /** Size as counted; the digest where every octet was seen. */
  #counted(event: ImEvent): void {
    const whole = !this.#broken && (this.#offer?.offset ?? 0) === 0;
    const follower = this.#follower;
    this.#follower = undefined;
    event.file = { ...event.file, size: this.#octets };
    if (!whole || event.kind === 'file.cancel') follower?.discard();
    else if (follower !== undefined) event.file.sha256 = follower.finish();
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (!this.#open || !this.#handshake.over(direction)) return Status.Lost;
    this.#broken = true;
    if (this.#content === -1) this.#start(direction, this.#offsets[direction], sink);
    if (direction === this.#content) this.#count(octets, sink);
    this.#offsets[direction] += octets;
    return Status.More;
  }

  /** A connection that carried nothing was one of several tried; an empty file is its own case. */
  end(direction: Direction, sink: ParserSink): void {
    this.#ended[direction] = true;
    if (this.#over || (!this.#open && this.#content === -1)) return;
    const both = this.#ended[0] && this.#ended[1];
    if (this.#content === -1) {
      if (both) this.#endEmpty(sink);
      return;
    }
    if (direction !== this.#content && !both) return;
    const announced = this.#announced();
    if (announced === undefined || this.#octets >= announced) this.#complete(sink);
    else {
      this.#over = true;
      const event = this.#make('file.cancel', this.#content);
      event.reason = 'incomplete';
      this.#counted(event);
      sink.event(event, this.#unit);
    }
  }

  #endEmpty(sink: ParserSink): void {
    const { expected } = this.#context;
    if (expected?.offer.size !== 0) return;
    this.#start(Direction.ToServer, this.#offsets[Direction.ToServer], sink);
    this.#complete(sink);
  }

  /** Nothing is held back: the content is judged at its first octet. */
  holdFrom(_direction: Direction): number {
    return -1;
  }

  held(): number {
    return HELD + this.#handshake.held;
  }
}
