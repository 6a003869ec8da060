/**
 * HTTP/1 messages of both directions of one connection, in bounded memory: heads whole, bodies in the
 * pieces in which they come, transfer coding undone (RFC 9112). For protocols that travel in HTTP; what
 * the messages mean is theirs.
 *
 * A head is kept until its empty line, at most HEAD_LIMIT octets; bodies are passed on as views of the
 * caller's octets. Requests wait for their responses in a queue of at most QUEUE_LIMIT.
 */
import { find } from '../../src/bytes/find.ts';
import { Direction } from '../contract.ts';
import { Body, HttpHead } from './http-head.ts';
import { OctetHold } from './octet-hold.ts';

/** Octets of a head, as common servers have it. */
export const HEAD_LIMIT = 16_384;
/** Requests without an answer yet; pipelines are short. */
export const QUEUE_LIMIT = 64;
const CHUNK_LINE_LIMIT = 1024; // octets: size and extensions, or one line of a trailer
const LARGEST_CHUNK = 0x7fff_ffff;

export interface HttpListener<Request> {
  /** A request's head, readable during the call. What is returned is kept for its response. */
  request(head: HttpHead): Request;
  /** A response's head; `request` is what was returned for its request, where that was seen. */
  response(head: HttpHead, request: Request | undefined): void;
  /** A piece of the body, lent; `from` is its stream offset. */
  body(direction: Direction, octets: Uint8Array, from: number): void;
  /** The message ends before stream offset `to`; `whole`: nothing of it is missing. */
  complete(direction: Direction, to: number, whole: boolean): void;
  /** Octets of a body were not seen. */
  lost(direction: Direction, octets: number): void;
  /** Odd input, by name: `http-ambiguous-length`, `http-bad-chunk`, `http-head-too-long`, `http-queue-full`. */
  anomaly(name: string, direction: Direction): void;
}

const State = {
  Head: 0,
  Length: 1,
  ChunkLine: 2,
  ChunkData: 3,
  ChunkEnd: 4,
  Trailer: 5,
  UntilEnd: 6,
  Broken: 7,
} as const;
type State = (typeof State)[keyof typeof State];

/** One direction's reading. */
class Side {
  readonly hold = new OctetHold();
  state: State = State.Head;
  /** Stream offset of the next octet, and of the message under way. */
  offset = 0;
  from = 0;
  /** Octets of the body, or of the chunk, that are still to come. */
  left = 0;
  whole = true;
}

interface Asked<Request> {
  readonly method: string;
  readonly request: Request;
}

export class HttpFlow<Request> {
  readonly #listener: HttpListener<Request>;
  readonly #sides = [new Side(), new Side()] as const;
  readonly #head = new HttpHead();
  readonly #queue: Asked<Request>[] = [];

  constructor(listener: HttpListener<Request>) {
    this.#listener = listener;
  }

  /** False once the direction is not HTTP any more: nothing of it is read on. */
  readable(direction: Direction): boolean {
    return this.#sides[direction].state !== State.Broken;
  }

  /** Stream offset where the message under way began; -1 between messages. */
  pending(direction: Direction): number {
    const side = this.#sides[direction];
    const between = side.state === State.Head && side.hold.used === 0;
    return between || side.state === State.Broken ? -1 : side.from;
  }

  /** Memory held, octets, without what the listener returned for requests. */
  get held(): number {
    return this.#sides[0].hold.size + this.#sides[1].hold.size + this.#queue.length * 64;
  }

  push(direction: Direction, octets: Uint8Array): void {
    const side = this.#sides[direction];
    const base = side.offset;
    let at = 0;
    while (at < octets.length && side.state !== State.Broken) {
      side.offset = base + at;
      at = this.#step(direction, side, octets, at);
    }
    side.offset = base + octets.length;
  }

  /** Octets that were not seen: inside a body whose length is known they only make a hole in it. */
  gap(direction: Direction, octets: number): void {
    const side = this.#sides[direction];
    const inBody = side.state === State.UntilEnd || side.state === State.Length;
    if (inBody && (side.state === State.UntilEnd || octets <= side.left)) {
      side.offset += octets;
      side.whole = false;
      this.#listener.lost(direction, octets);
      if (side.state === State.Length) this.#advance(direction, side, octets);
      return;
    }
    side.offset += octets;
    this.#break(direction, side);
  }

  /** No more octets in this direction: a body that lasts until the end is complete. */
  end(direction: Direction): void {
    const side = this.#sides[direction];
    if (side.state === State.UntilEnd) this.#finish(direction, side);
    else this.#break(direction, side);
  }

  /** One step of a direction; where the next one begins. */
  #step(direction: Direction, side: Side, octets: Uint8Array, at: number): number {
    switch (side.state) {
      case State.Head:
        return this.#headPart(direction, side, octets, at);
      case State.Length:
      case State.ChunkData: {
        const end = Math.min(octets.length, at + side.left);
        this.#listener.body(direction, octets.subarray(at, end), side.offset);
        side.offset += end - at;
        this.#advance(direction, side, end - at);
        return end;
      }
      case State.UntilEnd:
        this.#listener.body(direction, at === 0 ? octets : octets.subarray(at), side.offset);
        return octets.length;
      default:
        return this.#chunkLine(direction, side, octets, at);
    }
  }

  #headPart(direction: Direction, side: Side, octets: Uint8Array, at: number): number {
    if (side.hold.used === 0) side.from = side.offset;
    const before = side.hold.used;
    const most = Math.min(octets.length, at + HEAD_LIMIT - before);
    // The empty line may straddle what is held: three octets of it are enough to see.
    if (before === 0) {
      const end = headEnd(octets, most, at);
      if (end !== -1) {
        side.offset += end - at;
        this.#headDone(direction, side, octets, at, end);
        return end;
      }
    }
    side.hold.append(octets, at, most);
    const { buffer, used } = side.hold;
    const end = headEnd(buffer, used, Math.max(0, before - 3));
    if (end === -1) {
      if (used >= HEAD_LIMIT) {
        this.#listener.anomaly('http-head-too-long', direction);
        this.#break(direction, side);
      }
      return most;
    }
    side.offset += end - before;
    const head = buffer;
    side.hold.release();
    this.#headDone(direction, side, head, 0, end);
    return at + end - before;
  }

  /** side.offset is behind the head now. */
  #headDone(
    direction: Direction,
    side: Side,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const head = this.#head;
    const isRequest = direction === Direction.ToServer;
    if (!head.read(buffer, start, end, isRequest)) {
      if (onlyEmptyLines(buffer, start, end)) return;
      this.#break(direction, side);
      return;
    }
    head.from = side.from;
    head.to = side.offset;
    if (head.ambiguous) this.#listener.anomaly('http-ambiguous-length', direction);
    let method: string | undefined;
    if (isRequest) {
      method = head.method;
      const request = this.#listener.request(head);
      if (this.#queue.length < QUEUE_LIMIT) this.#queue.push({ method, request });
      else this.#listener.anomaly('http-queue-full', direction);
    } else {
      // An interim answer (1xx but 101) leaves its request waiting.
      const interim = head.status < 200 && head.status !== 101;
      const asked = interim ? this.#queue[0] : this.#queue.shift();
      method = asked?.method;
      this.#listener.response(head, asked?.request);
    }
    const body = head.body(method);
    const { contentLength } = head;
    head.clear();
    side.whole = true;
    if (body === Body.None) this.#finish(direction, side);
    else if (body === Body.Length) {
      side.left = contentLength;
      side.state = State.Length;
    } else side.state = body === Body.Chunked ? State.ChunkLine : State.UntilEnd;
  }

  #advance(direction: Direction, side: Side, octets: number): void {
    side.left -= octets;
    if (side.left > 0) return;
    if (side.state === State.ChunkData) side.state = State.ChunkEnd;
    else this.#finish(direction, side);
  }

  /** A line of the chunked coding: a size, the line end behind a chunk, or a trailer's field. */
  #chunkLine(direction: Direction, side: Side, octets: Uint8Array, at: number): number {
    const found = find(octets, 0x0a, at, octets.length);
    const end = found === -1 ? octets.length : found + 1;
    if (side.hold.used + end - at > CHUNK_LINE_LIMIT) {
      this.#listener.anomaly('http-bad-chunk', direction);
      this.#break(direction, side);
      return end;
    }
    side.hold.append(octets, at, end);
    if (found === -1) return end;
    side.offset += end - at;
    const line = String.fromCharCode(...side.hold.buffer.subarray(0, side.hold.used)).trim();
    side.hold.release();
    if (side.state === State.ChunkEnd) {
      if (line !== '') this.#badChunk(direction, side);
      else side.state = State.ChunkLine;
    } else if (side.state === State.Trailer) {
      if (line === '') this.#finish(direction, side);
    } else {
      const size = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line)?.[1];
      const octetsAhead = size === undefined ? -1 : Number.parseInt(size, 16);
      if (octetsAhead < 0 || octetsAhead > LARGEST_CHUNK) this.#badChunk(direction, side);
      else if (octetsAhead === 0) side.state = State.Trailer;
      else {
        side.left = octetsAhead;
        side.state = State.ChunkData;
      }
    }
    return end;
  }

  #badChunk(direction: Direction, side: Side): void {
    this.#listener.anomaly('http-bad-chunk', direction);
    this.#break(direction, side);
  }

  #finish(direction: Direction, side: Side): void {
    side.state = State.Head;
    this.#listener.complete(direction, side.offset, side.whole);
  }

  /** A message under way is told as not whole. */
  #break(direction: Direction, side: Side): void {
    const inBody = side.state !== State.Head && side.state !== State.Broken;
    side.state = State.Broken;
    side.hold.release();
    if (inBody) this.#listener.complete(direction, side.offset, false);
  }
}

/** Behind the empty line that ends a head, looked for from `from` on; -1 where it is not there yet. */
export function headEnd(buffer: Uint8Array, end: number, from: number): number {
  let at = from;
  while (at < end) {
    const lf = find(buffer, 0x0a, at, end);
    if (lf === -1) return -1;
    const next = buffer[lf + 1];
    if (next === 0x0a && lf + 1 < end) return lf + 2;
    if (next === 0x0d && buffer[lf + 2] === 0x0a && lf + 2 < end) return lf + 3;
    // A lone line: HTTP/0.9 requests have no head beyond it, and no version.
    at = lf + 1;
  }
  return -1;
}

function onlyEmptyLines(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] !== 0x0d && buffer[i] !== 0x0a) return false;
  return true;
}
