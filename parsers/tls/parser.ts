/**
 * TLS over TCP: whose it is, by what is said in clear before it is encrypted. Best evidence first: the name that the
 * ClientHello asks for, a protocol it offers, the names in the certificate (TLS 1.2 and older), at last what is known
 * of the address. One ClientHello is all that an ordinary flow costs: the server is listened to only where the client
 * named nobody, or nobody known and cannot have TLS 1.3, which hides the certificate. Where nobody is known and nobody
 * is named, or the port is unusual, the first records are watched for a handshake inside.
 */
import type { TlsReference } from '../../src/event/event.ts';
import { Direction, type FlowParser, type ParserSink, Status } from '../contract.ts';
import {
  CLIENT_HELLO,
  type ClientHello,
  HELLO_LIMIT,
  readClientHello,
} from '../framing/client-hello.ts';
import { HandshakeReader, Reading } from '../framing/handshake-reader.ts';
import { tellHelloAnomalies } from '../framing/hello-anomalies.ts';
import { identifyHello, nameAskedFor, tlsReference } from '../framing/hello-facts.ts';
import { AGE_OF_1_3, versionAge, versionName, versionNumber } from '../framing/tls-version.ts';
import { Anomaly } from './anomalies.ts';
import { certificateHosts } from './certificate.ts';
import { Inner, InnerHandshake } from './inner-handshake.ts';
import { chosenVersion } from './server-hello.ts';
import { INNER_HELD, SERVER_LIMIT, SERVER_MESSAGE_LIMIT, UNANSWERED_LIMIT } from './tls-limits.ts';
import { PROXY_PORTS, USUAL_PORTS } from './usual-ports.ts';

const NOTHING_ODD: readonly string[] = [];
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_HELLO_DONE = 14;

export class TlsParser implements FlowParser {
  #client: HandshakeReader | undefined = undefined;
  #server: HandshakeReader | undefined = undefined;
  /** A hello is under way, so that it can still be refused. */
  #open = false;
  #helloSeen = false;
  /** Nothing more is to be learned. */
  #over = false;
  /** The client asked for somebody, who is nobody known. */
  #named = false;
  /** The hello of a flow whose server is listened to: for its fingerprints. */
  #kept: Uint8Array | undefined = undefined;
  /** Newest on offer, then the one chosen. */
  #version = 0;
  #fromServer = 0; // octets
  #serverRead = false; // as far as it is in clear
  #unanswered = 0; // octets of the client behind its hello
  /** Certificate or address were asked for already. */
  #asked = false;
  /** Anomalies that wait to be told. */
  #odd: readonly string[] = NOTHING_ODD;
  /** Watches for a handshake inside: where nobody is named, or the port is unusual. */
  #inner: InnerHandshake | undefined = undefined;
  readonly #isUsualPort: boolean;

  constructor(serverPort: number) {
    this.#isUsualPort = USUAL_PORTS.includes(serverPort) || PROXY_PORTS.includes(serverPort);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    // The hello's own octets are not for it.
    const inner = this.#inner;
    if (!this.#over) {
      if (direction === Direction.ToServer) this.#fromClient(octets, sink);
      else this.#readServer(octets, sink);
    }
    if (inner !== undefined && this.#inner !== undefined) this.#watch(inner, direction, octets);
    if (!this.#over || this.#inner !== undefined) return Status.More;
    this.#tellOdd(sink);
    return Status.Done;
  }

  /** What is cut short cannot be found again: nothing tells where a record begins. */
  gap(direction: Direction, _octets: number, sink: ParserSink): Status {
    this.#inner = undefined;
    if (!this.#over && direction === Direction.ToServer && this.#helloSeen) return Status.More;
    this.#finishCut(sink);
    return Status.Done;
  }

  /** Of the client alone: the server may go on. */
  end(direction: Direction, sink: ParserSink): void {
    if (direction === Direction.ToClient) this.#finishCut(sink);
  }

  holdFrom(direction: Direction): number {
    return direction === Direction.ToServer && this.#open ? 0 : -1;
  }

  held(): number {
    const readers = (this.#client?.held ?? 0) + (this.#server?.held ?? 0);
    const inner = this.#inner === undefined ? 0 : INNER_HELD;
    return readers + (this.#kept?.length ?? 0) + inner;
  }

  #fromClient(octets: Uint8Array, sink: ParserSink): void {
    if (this.#helloSeen) {
      this.#unanswered += octets.length;
      if (this.#unanswered > UNANSWERED_LIMIT) this.#finish(sink);
      return;
    }
    this.#open = true;
    this.#client ??= new HandshakeReader(HELLO_LIMIT);
    const reading = this.#client.push(octets, {
      message: (buffer, start, end, length, records) => {
        this.#onClientMessage(buffer, start, end, length, records, sink);
        return false;
      },
    });
    if (reading === Reading.More) return;
    const isAligned = this.#client.isAligned;
    this.#open = false;
    this.#client = undefined;
    if (reading === Reading.Enough) {
      if (!isAligned || this.#fromServer > 0) this.#inner = undefined;
      return;
    }
    if (reading === Reading.Oversized) this.#addOdd(Anomaly.RecordOversized);
    this.#finish(sink);
  }

  #onClientMessage(
    buffer: Uint8Array,
    start: number,
    end: number,
    length: number,
    records: number,
    sink: ParserSink,
  ): void {
    this.#helloSeen = true;
    const hello = buffer[start] === CLIENT_HELLO ? readClientHello(buffer, start, end) : undefined;
    if (hello === undefined) {
      this.#finish(sink);
      return;
    }
    if (records > 1) this.#addOdd(Anomaly.Fragmented);
    if (length > end - start) this.#addOdd(Anomaly.HelloOversized);
    else tellHelloAnomalies(hello, (name) => this.#addOdd(name));
    this.#onHello(hello, sink, buffer.subarray(start, end));
  }

  #onHello(hello: ClientHello, sink: ParserSink, message: Uint8Array): void {
    const { version } = hello;
    if (identifyHello(hello, 't', sink)) {
      this.#over = true;
      return;
    }
    this.#named = nameAskedFor(hello) !== undefined;
    if (!this.#named || !this.#isUsualPort) this.#inner = new InnerHandshake();
    const hidesCertificate = versionAge(version) >= AGE_OF_1_3;
    if (this.#named && hidesCertificate) {
      this.#over = true; // a name that is nobody's
      return;
    }
    if (this.#version === 0) this.#version = version;
    this.#kept = message.slice();
    // Where a certificate surely comes, it is the better evidence; where it may come, a refusal must not wait.
    if (hidesCertificate) this.#askAddress(sink);
    if (this.#serverRead) this.#finish(sink);
  }

  #readServer(octets: Uint8Array, sink: ParserSink): void {
    this.#fromServer += octets.length;
    if (!this.#serverRead) {
      this.#server ??= new HandshakeReader(SERVER_MESSAGE_LIMIT);
      const reading = this.#server.push(octets, {
        message: (buffer, start, end) => this.#onServerMessage(buffer, start, end, sink),
      });
      if (reading === Reading.More && this.#fromServer <= SERVER_LIMIT) return;
      if (reading === Reading.Oversized) this.#addOdd(Anomaly.RecordOversized);
      this.#server = undefined;
      this.#serverRead = true;
    }
    // Captures have the answer before the question now and then.
    if (this.#helloSeen || this.#fromServer > SERVER_LIMIT) this.#finish(sink);
  }

  /** False: no other message is wanted. */
  #onServerMessage(buffer: Uint8Array, start: number, end: number, sink: ParserSink): boolean {
    switch (buffer[start]) {
      case SERVER_HELLO:
        this.#version = chosenVersion(buffer, start, end);
        return versionAge(this.#version) < AGE_OF_1_3;
      case CERTIFICATE:
        this.#onCertificate(buffer, start, end, sink);
        return false;
      default:
        return buffer[start] !== SERVER_HELLO_DONE;
    }
  }

  #onCertificate(buffer: Uint8Array, start: number, end: number, sink: ParserSink): void {
    const { first, others } = certificateHosts(buffer, start, end);
    const facts = { evidence: 'certificate', ...this.#facts() } as const;
    if (first !== undefined && sink.identify({ ...facts, hosts: [first] })) this.#known();
    // Who else is served with this certificate: one of them, perhaps.
    else if (others.length > 0 && sink.identify({ ...facts, hosts: others, confidence: 'low' })) {
      this.#known();
    }
  }

  /** Nothing more in clear comes. */
  #finish(sink: ParserSink): void {
    if (!this.#over) this.#askAddress(sink);
    this.#over = true;
  }

  /** Octets are missing from here on: what is there of the hello may have the name. */
  #finishCut(sink: ParserSink): void {
    const cut = this.#helloSeen ? undefined : this.#client?.unfinished;
    const hello = cut && readClientHello(cut, 0, cut.length);
    if (cut !== undefined && hello !== undefined) this.#onHello(hello, sink, cut);
    this.#finish(sink);
    this.#inner = undefined;
    this.#tellOdd(sink);
  }

  /** Whose the address is, where no name was asked for; once. */
  #askAddress(sink: ParserSink): void {
    if (this.#asked || this.#over || this.#named) return;
    this.#asked = true;
    if (sink.identify({ evidence: 'address', ...this.#facts() })) this.#known();
  }

  #known(): void {
    this.#over = true;
    this.#inner = undefined;
  }

  #watch(inner: InnerHandshake, direction: Direction, octets: Uint8Array): void {
    const answer = inner.push(direction, octets);
    if (answer === Inner.Unclear) return;
    this.#inner = undefined;
    if (answer === Inner.Suspected) this.#addOdd(Anomaly.InnerSuspected);
  }

  #facts() {
    const version = this.#version;
    return {
      protocolVersion: versionNumber(version),
      tls: () => this.#reference(),
      reason: versionName(version),
    };
  }

  #reference(): TlsReference {
    const version = versionNumber(this.#version);
    const message = this.#kept;
    const hello = message && readClientHello(message, 0, message.length);
    return hello === undefined ? { version } : { ...tlsReference(hello, 't'), version };
  }

  /** Once the service was said, so that it can be told of whom. */
  #tellOdd(sink: ParserSink): void {
    for (const name of this.#odd) sink.anomaly(name, Direction.ToServer);
    this.#odd = NOTHING_ODD;
  }

  #addOdd(name: string): void {
    this.#odd = [...this.#odd, name];
  }
}
