/**
 * XMPP, both directions of one TCP flow (RFC 6120, 6121, and the XEPs named in README.md).
 *
 *   stream = '<stream:stream …>' *( stanza / nonza / S ) '</stream:stream>'
 *   stanza = message / presence / iq          nonza = SASL, TLS, compression, XEP-0198, error …
 *
 * Each stanza is read when it is complete; nothing is kept of it but what later ones refer to.
 */
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import type { XmlNamespaces } from '../framing/xml-namespaces.ts';
import type { XmlOdd } from '../framing/xml-odd.ts';
import type { XmlFault, XmlTagReader } from '../framing/xml-tag.ts';
import { attributeValue } from '../framing/xml-text.ts';
import type { XmppAnomaly } from './anomalies.ts';
import { endStream } from './ibb.ts';
import { readIq } from './iq.ts';
import { parseJid } from './jid.ts';
import { isKnownNamespace } from './known-namespaces.ts';
import { readAddresses, readFirstStanza } from './link-local.ts';
import {
  saslFromClient,
  saslFromServer,
  streamClosed,
  streamError,
  streamManagement,
} from './login.ts';
import { readMessage } from './message.ts';
import { Ns } from './namespaces.ts';
import { readPresence } from './presence.ts';
import { roleOf, XmppSession } from './session.ts';
import { Stanza } from './stanza.ts';
import { type StreamEvents, StreamReader } from './stream-reader.ts';

const SESSION_HELD = 10_240; // octets of a session with nothing open: measured, and rounded up

export class XmppParser implements FlowParser, StreamEvents {
  readonly #session: XmppSession;
  readonly #readers: readonly [StreamReader, StreamReader];
  readonly #closed: [boolean, boolean] = [false, false];
  readonly #ended: [boolean, boolean] = [false, false];
  #handedOver = false;

  constructor(context: FlowContext) {
    this.#session = new XmppSession(context);
    this.#readers = [
      new StreamReader(Direction.ToServer, this, context.midstream),
      new StreamReader(Direction.ToClient, this, context.midstream),
    ];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#handedOver) return Status.HandOver;
    const reader = this.#readers[direction];
    if (reader.lost) return Status.Lost;
    this.#session.enter(sink);
    reader.push(octets);
    return this.#status(reader);
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (this.#handedOver) return Status.HandOver;
    const reader = this.#readers[direction];
    this.#session.enter(sink);
    this.#session.partial = true;
    reader.gap(octets);
    return this.#status(reader);
  }

  #status(reader: StreamReader): Status {
    if (this.#handedOver) return Status.HandOver;
    if (reader.lost) return Status.Lost;
    return this.#closed[0] && this.#closed[1] ? Status.Done : Status.More;
  }

  /** When nothing more can come, transfers inside the stream are over. */
  end(direction: Direction, sink: ParserSink): void {
    this.#ended[direction] = true;
    if (!(this.#ended[0] && this.#ended[1])) return;
    const session = this.#session;
    session.enter(sink);
    for (const transfer of session.transfers.all()) {
      const start = transfer.origin === 'client' ? Direction.ToServer : Direction.ToClient;
      this.#place(start, -1, -1);
      endStream(session, transfer, undefined);
    }
  }

  holdFrom(direction: Direction): number {
    return this.#handedOver ? -1 : this.#readers[direction].holdFrom;
  }

  held(): number {
    const [toServer, toClient] = this.#readers;
    return SESSION_HELD + toServer.held + toClient.held + this.#session.held();
  }

  #place(direction: Direction, start: number, end: number): void {
    const { unit } = this.#session;
    unit.direction = direction;
    unit.start = start;
    unit.end = end;
    unit.textStart = -1;
    unit.textEnd = -1;
  }

  root(direction: Direction, tag: XmlTagReader, scope: XmlNamespaces, buffer: Uint8Array): void {
    const session = this.#session;
    this.#closed[direction] = false;
    const value = (name: string): string | undefined => {
      const found = tag.attributes.find((a) => a.name === name && a.namespace === '');
      return found && (attributeValue(buffer, found.start, found.end).trim() || undefined);
    };
    const version = value('version');
    if (version !== undefined) session.setVersion(version);
    if (session.role !== 'client') session.role = roleOf(scope.resolve(''));
    if (readAddresses(session, direction, parseJid(value('from')), parseJid(value('to')))) return;
    const domain = value(direction === Direction.ToServer ? 'to' : 'from');
    if (domain !== undefined && (direction === Direction.ToServer || session.domain === undefined))
      session.setDomain(domain);
  }

  stanza(direction: Direction, element: XmlElement, start: number, end: number): void {
    const session = this.#session;
    this.#place(direction, start, end);
    session.stanzaStart = element.start;
    const { name, namespace } = element;
    if (namespace === Ns.Client || namespace === Ns.Server || namespace.startsWith(Ns.Component)) {
      readFirstStanza(session, element);
      if (name === 'message') readMessage(session, new Stanza(session, element, direction));
      else if (name === 'presence') readPresence(session, new Stanza(session, element, direction));
      else if (name === 'iq') readIq(session, new Stanza(session, element, direction));
      else if (name !== 'handshake' && name !== 'log' && name !== 'route')
        this.#unknown(direction, name);
    } else this.#nonza(direction, element);
  }

  #nonza(direction: Direction, element: XmlElement): void {
    const session = this.#session;
    const { name, namespace } = element;
    const fromServer = direction === Direction.ToClient;
    if (namespace === Ns.Sasl || namespace === Ns.Sasl2) {
      if (!fromServer) saslFromClient(session, element);
      else if (saslFromServer(session, element)) this.#handOver('sasl', 'sasl-security-layer');
    } else if (namespace === Ns.Tls) {
      if (fromServer && name === 'proceed') this.#handOver('tls', 'starttls');
    } else if (namespace === Ns.Compress) this.#compression(direction, element);
    else if (namespace.startsWith(Ns.StreamManagement)) {
      streamManagement(session, element, direction);
    } else if (namespace === Ns.Streams) {
      if (name === 'error') streamError(session, element, direction);
    } else if (!isKnownNamespace(namespace)) this.#unknown(direction, namespace || name);
  }

  /** XEP-0138: the client names a method, the server agrees; both directions are compressed. */
  #compression(direction: Direction, element: XmlElement): void {
    const session = this.#session;
    if (direction === Direction.ToServer) {
      if (element.name === 'compress')
        session.compression = element.childText('method')?.slice(0, 16);
    } else if (element.name === 'compressed') {
      const method = session.compression ?? 'zlib';
      if (method !== 'zlib') this.#handOver('compressed', `compression ${method.slice(0, 16)}`);
      else for (const reader of this.#readers) if (!reader.compressed) reader.compress();
    }
  }

  #handOver(protocol: string, reason: string): void {
    this.#handedOver = true;
    for (const reader of this.#readers) reader.stop();
    this.#session.sink?.handOver(protocol, reason);
  }

  #unknown(direction: Direction, reason: string): void {
    const event = this.#session.make('app.unknown', undefined, direction);
    event.reason = reason;
    this.#session.emit(event);
  }

  unread(direction: Direction, why: string, start: number, end: number): void {
    this.#place(direction, start, end);
    this.#unknown(direction, why);
  }

  closed(direction: Direction, start: number, end: number): void {
    this.#closed[direction] = true;
    this.#place(direction, start, end);
    streamClosed(this.#session, direction);
  }

  odd(direction: Direction, what: XmlOdd | XmlFault | XmppAnomaly): void {
    this.#session.sink?.anomaly(what, direction);
  }
}
