/**
 * QUIC until the client's hello is read: its name tells the service. All other packets are passed over, and nothing
 * is read after it. Datagrams are judged one by one and never held.
 *
 * What cannot be read (keys that do not fit, a version nobody knows, a flow picked up later) leaves the address, which
 * is asked for at once: a rule can refuse it before anything was exchanged.
 */
import { Direction, type FlowParser, type ParserSink, Status } from '../contract.ts';
import { readClientHello } from '../framing/client-hello.ts';
import { HelloAnomaly, tellHelloAnomalies } from '../framing/hello-anomalies.ts';
import { alpnSignatures, nameAskedFor, tlsReference } from '../framing/hello-facts.ts';
import { QuicAnomaly } from './anomalies.ts';
import { readChlo } from './chlo.ts';
import { CRYPTO_LIMIT } from './crypto-stream.ts';
import { findChlo, googleVersion } from './google-header.ts';
import { Initials } from './initials.ts';
import { LongHeader, PacketType } from './long-header.ts';
import type { QuicVersion } from './versions.ts';

/** Datagrams of each direction, and of one, after which no hello is waited for; who sends junk first sends much. */
const ANSWERED = 24;
const UNANSWERED = 256;
const CLIENT_HELLO_HEAD = 4;
/** Octets of the parser itself: measured, and rounded up. */
const SELF = 1024;

const header = new LongHeader();

export class QuicParser implements FlowParser {
  readonly #initials = new Initials();
  /** Of the packet seen last, while none was opened. */
  #seen: QuicVersion | undefined = undefined;
  /** Where the packets that were opened came from: they are a client's. */
  #client: Direction | undefined = undefined;
  readonly #datagrams: [number, number] = [0, 0];
  #isPlaceAsked = false;
  #isOver = false;

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#isOver) return Status.Done;
    this.#datagrams[direction] += 1;
    if (this.#read(direction, octets, sink)) return this.#over();
    const [toServer, toClient] = this.#datagrams;
    const isLate =
      Math.min(toServer, toClient) >= ANSWERED || Math.max(toServer, toClient) >= UNANSWERED;
    if (!isLate && !this.#initials.isSpent) return Status.More;
    this.#last(sink);
    return Status.Done;
  }

  gap(): Status {
    return this.#isOver ? Status.Done : Status.More;
  }

  end(_direction: Direction, sink: ParserSink): void {
    if (!this.#isOver) this.#last(sink);
  }

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return SELF + this.#initials.held();
  }

  get #version(): QuicVersion | undefined {
    return this.#initials.version ?? this.#seen;
  }

  /**
   * True where the flow is decided. Who is the client is a guess until a hello shows: a client may have sent first
   * what only servers send.
   */
  #read(direction: Direction, octets: Uint8Array, sink: ParserSink): boolean {
    if (this.#client !== undefined && direction !== this.#client) return false;
    const google = googleVersion(octets);
    if (google !== undefined) return this.#readGoogle(google, octets, sink);
    let isReadable = false;
    // The name is yet to come behind these: the address can wait for it.
    let isBefore = false;
    for (let at = 0; header.read(octets, at); at = header.end) {
      const { version, type } = header;
      const isAnswer = type === PacketType.Negotiation || type === PacketType.Retry;
      isBefore ||= isAnswer || version.isForced || type === PacketType.ZeroRtt;
      if (!isAnswer) this.#seen = version;
      if (type === PacketType.Initial && this.#initials.read(octets, at, header)) isReadable = true;
    }
    if (isReadable) {
      this.#client = direction;
      return this.#readStream(sink);
    }
    return this.#client === undefined && !isBefore && this.#askPlace(sink);
  }

  #readGoogle(version: QuicVersion, octets: Uint8Array, sink: ParserSink): boolean {
    this.#seen = version;
    const at = findChlo(octets);
    return at < 0 ? this.#askPlace(sink) : this.#readChlo(octets, at, octets.length, sink);
  }

  #readStream(sink: ParserSink): boolean {
    const { stream } = this.#initials;
    const { octets, whole } = stream;
    if (this.#version?.isChlo === true) return this.#readChlo(octets, 0, whole, sink);
    if (whole < CLIENT_HELLO_HEAD) return false;
    const length = ((octets[1] ?? 0) << 16) | ((octets[2] ?? 0) << 8) | (octets[3] ?? 0);
    const end = CLIENT_HELLO_HEAD + length;
    if (whole < Math.min(end, CRYPTO_LIMIT)) return false;
    if (!this.#readHello(octets, whole, sink)) this.#askPlace(sink);
    return true;
  }

  /** True where there is a hello; it may be cut short. */
  #readHello(octets: Uint8Array, end: number, sink: ParserSink): boolean {
    const hello = readClientHello(octets, 0, end);
    if (hello === undefined) return false;
    tellHelloAnomalies(hello, (name) => sink.anomaly(name, Direction.ToServer));
    if (this.#initials.stream.hasConflict) {
      sink.anomaly(QuicAnomaly.CryptoConflict, Direction.ToServer);
    }
    const host = nameAskedFor(hello);
    sink.identify({
      evidence: 'sni',
      hosts: host === undefined ? undefined : [host],
      signatures: alpnSignatures(hello),
      protocolVersion: this.#version?.name,
      tls: () => tlsReference(hello, 'q'),
      reason: 'QUIC',
    });
    return true;
  }

  #readChlo(octets: Uint8Array, start: number, end: number, sink: ParserSink): boolean {
    const hello = readChlo(octets, start, end);
    if (hello === undefined || !hello.isWhole) return false;
    if (hello.isNamed && hello.host === undefined) {
      sink.anomaly(HelloAnomaly.SniInvalid, Direction.ToServer);
    }
    const { host } = hello;
    sink.identify({
      evidence: 'sni',
      hosts: host === undefined ? undefined : [host],
      protocolVersion: this.#version?.name,
      tls: () => ({ sni: host }),
      reason: 'QUIC',
    });
    return true;
  }

  /** No more comes, or no more is read: what is there must do. */
  #last(sink: ParserSink): void {
    const { stream, isUnreadable } = this.#initials;
    if (isUnreadable) sink.anomaly(QuicAnomaly.InitialUnreadable, Direction.ToServer);
    if (stream.whole === 0 || !this.#readHello(stream.octets, stream.whole, sink)) {
      this.#askPlace(sink);
    }
    this.#over();
  }

  /** Whether the server's address tells the service: asked for once. */
  #askPlace(sink: ParserSink): boolean {
    if (this.#isPlaceAsked) return false;
    this.#isPlaceAsked = true;
    return sink.identify({
      evidence: 'address',
      protocolVersion: this.#version?.name,
      reason: 'QUIC',
    });
  }

  #over(): Status {
    this.#isOver = true;
    this.#initials.stream.clear();
    return Status.Done;
  }
}
