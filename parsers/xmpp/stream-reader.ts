/**
 * One direction of the stream: scanner, namespaces in scope, and inflation once it is agreed.
 * Turns each complete stanza into an element and hands it on.
 */
import { Inflated, InflateStream } from '../../src/bytes/inflate.ts';
import type { Direction } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { XmlNamespaces } from '../framing/xml-namespaces.ts';
import type { XmlOdd, XmlStreamListener } from '../framing/xml-odd.ts';
import { XmlScanner } from '../framing/xml-scanner.ts';
import { type XmlFault, XmlTagReader } from '../framing/xml-tag.ts';
import { XmlTreeBuilder } from '../framing/xml-tree.ts';
import { XmppAnomaly } from './anomalies.ts';
import { Ns } from './namespaces.ts';

/** XML compresses well, presence storms very well; a bomb does so by hundreds. */
const COMPRESSION = { ratio: 150, floor: 1 << 20 };
/**
 * Elements out of one compressed octet, once `floor` are out: each may be an event. A storm of
 * presences or a long roster makes less than one; `<a/>` for ever makes 250.
 */
const ELEMENTS = { ratio: 2, floor: 16_384 };

export interface StreamEvents {
  root(direction: Direction, name: XmlTagReader, scope: XmlNamespaces, buffer: Uint8Array): void;
  stanza(direction: Direction, element: XmlElement, start: number, end: number): void;
  /** A stanza that could not be read, and why. */
  unread(direction: Direction, why: string, start: number, end: number): void;
  closed(direction: Direction, start: number, end: number): void;
  odd(direction: Direction, what: XmlOdd | XmlFault | XmppAnomaly): void;
}

export class StreamReader implements XmlStreamListener {
  readonly #direction: Direction;
  readonly #events: StreamEvents;
  readonly #scanner: XmlScanner;
  readonly #builder = new XmlTreeBuilder();
  readonly #tag = new XmlTagReader();
  #scope = assumedScope();
  #why = '';
  #inflate: InflateStream | undefined = undefined;
  #broken = false;
  /** Compressed octets seen, and where the push began in which the open stanza did. */
  #wire = 0;
  #heldFrom = -1;
  #elements = 0;

  constructor(direction: Direction, events: StreamEvents, midstream: boolean) {
    this.#direction = direction;
    this.#events = events;
    this.#scanner = new XmlScanner(this, midstream);
  }

  /** Octets held: the unfinished stanza and the inflate window. */
  get held(): number {
    const inflate = this.#inflate === undefined ? 0 : InflateStream.HELD;
    return this.#scanner.held + this.#scope.held + inflate;
  }

  get lost(): boolean {
    return this.#broken || this.#scanner.lost;
  }

  get compressed(): boolean {
    return this.#inflate !== undefined;
  }

  /** Stream offset of the stanza that is open, or -1. */
  get holdFrom(): number {
    return this.#inflate === undefined ? this.#scanner.open : this.#heldFrom;
  }

  /** What follows is one zlib stream; the rest of the push in hand is part of it. */
  compress(): void {
    this.#inflate = new InflateStream(COMPRESSION);
    this.#wire = this.#scanner.offset;
    this.#scanner.stop();
  }

  /** What follows is another protocol: ends the push in hand. */
  stop(): void {
    this.#scanner.stop();
  }

  push(octets: Uint8Array): void {
    if (this.#inflate !== undefined) {
      this.#pushCompressed(this.#inflate, octets);
      return;
    }
    const read = this.#scanner.push(octets);
    const inflate: InflateStream | undefined = this.#inflate;
    if (inflate !== undefined && read < octets.length && !this.lost)
      this.#pushCompressed(inflate, octets.subarray(read));
  }

  #pushCompressed(inflate: InflateStream, octets: Uint8Array): void {
    const began = this.#wire;
    this.#wire += octets.length;
    const result = inflate.push(octets, (out) => {
      if (!this.lost) this.#scanner.push(out);
    });
    if (result === Inflated.Broken) this.#fail(XmppAnomaly.CompressionBroken);
    else if (result === Inflated.Bomb) this.#fail(XmppAnomaly.CompressionBomb);
    if (this.#scanner.open < 0) this.#heldFrom = -1;
    else if (this.#heldFrom < 0) this.#heldFrom = began;
  }

  gap(octets: number): void {
    if (this.#inflate === undefined) this.#scanner.gap(octets);
    else this.#fail(XmppAnomaly.CompressionBroken); // nothing after can be inflated
  }

  #fail(why: XmppAnomaly): void {
    this.#broken = true;
    this.#events.odd(this.#direction, why);
  }

  header(buffer: Uint8Array, from: number, to: number): boolean {
    const scope = new XmlNamespaces();
    const tag = this.#tag;
    if (!tag.read(buffer, from, to, scope)) return false;
    if (tag.name !== 'stream' || tag.namespace !== Ns.Streams) return false;
    this.#scope = scope;
    this.#events.root(this.#direction, tag, scope, buffer);
    tag.clear();
    return true;
  }

  stanza(
    buffer: Uint8Array,
    from: number,
    to: number,
    start: number,
    end: number,
    sought: boolean,
  ): void {
    const element = this.#builder.build(buffer, from, to, this.#scope);
    if (this.#inflate !== undefined && this.#tooMany(this.#builder.elements)) {
      this.#fail(XmppAnomaly.CompressionBomb);
      this.#scanner.stop();
      return;
    }
    if (element === undefined) {
      this.#events.odd(this.#direction, this.#builder.fault);
      this.#unread(this.#builder.fault, start, end);
    } else if (sought && element.declaresDefault) {
      // Found after a gap: a stanza that declares its namespace is one inside another (a carbon).
      this.#scanner.seek();
    } else if (this.#inflate === undefined) {
      this.#events.stanza(this.#direction, element, start, end);
    } else this.#events.stanza(this.#direction, element, -1, -1);
  }

  #tooMany(elements: number): boolean {
    this.#elements += elements;
    return this.#elements > ELEMENTS.floor && this.#elements > this.#wire * ELEMENTS.ratio;
  }

  unread(start: number, end: number): void {
    this.#unread(this.#why, start, end);
  }

  #unread(why: string, start: number, end: number): void {
    const plain = this.#inflate === undefined;
    this.#events.unread(this.#direction, why, plain ? start : -1, plain ? end : -1);
  }

  close(start: number, end: number): void {
    const plain = this.#inflate === undefined;
    this.#events.closed(this.#direction, plain ? start : -1, plain ? end : -1);
  }

  odd(what: XmlOdd): void {
    this.#why = what;
    this.#events.odd(this.#direction, what);
  }
}

/** What a root declares that was not seen. */
function assumedScope(): XmlNamespaces {
  const scope = new XmlNamespaces();
  scope.declare('', Ns.Client);
  scope.declare('stream', Ns.Streams);
  scope.declare('db', 'jabber:server:dialback');
  return scope;
}
