/**
 * DTLS over UDP: whose it is, by its ClientHello. WebRTC names nobody in it, so that mostly the address tells, or a
 * STUN message before it. A server may ask for the hello again, with a cookie (RFC 6347 §4.2.1): the first counts.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, type FlowParser, type ParserSink, Status } from '../contract.ts';
import { CLIENT_HELLO, readClientHello } from '../framing/client-hello.ts';
import { DTLS_RECORD_HEAD, dtlsRecordLength } from '../framing/dtls-record.ts';
import { tellHelloAnomalies } from '../framing/hello-anomalies.ts';
import { helloFacts, identifyHello, nameAskedFor } from '../framing/hello-facts.ts';
import { versionName, versionNumber } from '../framing/tls-version.ts';
import { Anomaly } from './anomalies.ts';
import { FRAGMENT_HEAD, Fragments } from './fragments.ts';

const HANDSHAKE = 22;
/** Datagrams of the client without a whole hello; the answers of a server alone are as many. */
const DATAGRAMS_LIMIT = 32;
/** Octets of a hello that every path takes in one datagram (RFC 9147 §4.4 begins at 1280 less the heads). */
const ONE_DATAGRAM = 1100;

export class DtlsParser implements FlowParser {
  readonly #fragments = new Fragments();
  #datagrams = 0;
  #version = 0; // of the records, which is not the one that is agreed upon

  push(direction: Direction, datagram: Uint8Array, sink: ParserSink): Status {
    this.#datagrams += 1;
    if (this.#version === 0) this.#version = u16be(datagram, 1);
    if (direction === Direction.ToServer && this.#readClient(datagram, sink)) return Status.Done;
    if (this.#datagrams < DATAGRAMS_LIMIT && !this.#fragments.exhausted) return Status.More;
    this.#askAddress(sink);
    return Status.Done;
  }

  gap(): Status {
    return Status.More; // the next datagram is whole
  }

  end(): void {}

  holdFrom(): number {
    return -1; // each datagram is decided when it comes
  }

  held(): number {
    return this.#fragments.held;
  }

  /** True when the hello was read. */
  #readClient(datagram: Uint8Array, sink: ParserSink): boolean {
    for (let at = 0; at < datagram.length; ) {
      const length = dtlsRecordLength(datagram, at);
      const end = at + length;
      if (length === 0 || end > datagram.length) return false;
      const isClear = datagram[at] === HANDSHAKE && u16be(datagram, at + 3) === 0;
      if (isClear && this.#readFragments(datagram, at + DTLS_RECORD_HEAD, end, sink)) return true;
      at = end;
    }
    return false;
  }

  #readFragments(datagram: Uint8Array, start: number, end: number, sink: ParserSink): boolean {
    for (let at = start; at + FRAGMENT_HEAD <= end; ) {
      const next =
        at + FRAGMENT_HEAD + (((datagram[at + 9] ?? 0) << 16) | u16be(datagram, at + 10));
      if (next > end || datagram[at] !== CLIENT_HELLO) return false;
      const message = this.#fragments.add(datagram, at, next);
      if (message !== undefined) {
        this.#onHello(message, message.buffer !== datagram.buffer, sink);
        return true;
      }
      at = next;
    }
    return false;
  }

  #onHello(message: Uint8Array, wasCut: boolean, sink: ParserSink): void {
    const hello = readClientHello(message, 0, message.length, true);
    if (hello === undefined) return;
    if (!identifyHello(hello, 'd', sink) && nameAskedFor(hello) === undefined) {
      sink.identify({ evidence: 'address', ...helloFacts(hello, 'd') });
    }
    // Once the service was said, so that it can be told of whom.
    const tell = (name: string) => sink.anomaly(name, Direction.ToServer);
    if (wasCut && message.length < ONE_DATAGRAM) tell(Anomaly.Fragmented);
    tellHelloAnomalies(hello, tell);
  }

  #askAddress(sink: ParserSink): void {
    const version = this.#version;
    const protocolVersion = versionNumber(version);
    sink.identify({
      evidence: 'address',
      protocolVersion,
      tls: () => ({ version: protocolVersion }),
      reason: versionName(version),
    });
  }
}
