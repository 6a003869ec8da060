/**
 * Names of hosts in an X.509 certificate (RFC 5280 §4.1), read in place out of its DER:
 *
 *   SEQUENCE { SEQUENCE tbs { [0] version?, INTEGER, SEQUENCE, SEQUENCE issuer, SEQUENCE validity, SEQUENCE subject,
 *     SEQUENCE key, [1]?, [2]?, [3] SEQUENCE { SEQUENCE { OID, BOOLEAN?, OCTET STRING } … }? } … }
 *
 * Nothing is verified: whoever owns the wire may have made it. What is cut short gives the names before the cut.
 */
import { hostName } from './host-name.ts';

/** More are not looked at: what is for so many is a content network's. */
const NAMES_LIMIT = 128;

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;
const BOOLEAN = 0x01;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82; // [2] of GeneralName
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];

export interface CertificateNames {
  /** The subject's common name, where it is a host's. */
  readonly common: string | undefined;
  /** Of subjectAltName, in order, without `*.`. */
  readonly alternative: readonly string[];
}

export function certificateNames(buffer: Uint8Array, start: number, end: number): CertificateNames {
  const walk = new Walk(buffer, start, end);
  const alternative: string[] = [];
  let common: string | undefined;
  if (!walk.enter(SEQUENCE) || !walk.enter(SEQUENCE)) return { common, alternative };
  if (walk.tag === VERSION) walk.skip();
  walk.skip(); // serial number
  walk.skip(); // signature algorithm
  walk.skip(); // issuer
  walk.skip(); // validity
  const subject = walk.inside(SEQUENCE);
  while (subject?.more) common = commonName(subject) ?? common;
  walk.skip(); // key
  while (walk.more && walk.tag !== EXTENSIONS) walk.skip();
  const extensions = walk.inside(EXTENSIONS)?.inside(SEQUENCE);
  while (extensions?.more) alternativeNames(extensions, alternative);
  return { common, alternative };
}

/** Of the subject's next SET { SEQUENCE { OID, value } }. */
function commonName(subject: Walk): string | undefined {
  const attribute = subject.inside(0x31)?.inside(SEQUENCE);
  if (attribute === undefined || !attribute.spells(COMMON_NAME)) return undefined;
  attribute.skip();
  return attribute.name();
}

/** Of the next extension, where it is subjectAltName. */
function alternativeNames(extensions: Walk, names: string[]): void {
  const extension = extensions.inside(SEQUENCE);
  if (extension === undefined || !extension.spells(SUBJECT_ALT_NAME)) return;
  extension.skip();
  if (extension.tag === BOOLEAN) extension.skip();
  const list = extension.inside(OCTET_STRING)?.inside(SEQUENCE);
  while (list?.more && names.length < NAMES_LIMIT) {
    const name = list.tag === DNS_NAME ? list.name() : undefined;
    if (name !== undefined) names.push(name);
    list.skip();
  }
}

/** Goes over the elements between two octets, one after the other. Every step moves on, or to the end. */
class Walk {
  readonly #buffer: Uint8Array;
  #at: number;
  #end: number;
  #from = 0; // content of the element at #at
  #next = 0;

  constructor(buffer: Uint8Array, start: number, end: number) {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
    this.#measure();
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** -1 at the end. */
  get tag(): number {
    return this.more ? (this.#buffer[this.#at] ?? 0) : -1;
  }

  skip(): void {
    this.#at = this.#next;
    this.#measure();
  }

  /** Goes on inside this element; false where it is another. */
  enter(tag: number): boolean {
    if (this.tag !== tag) return false;
    const { content, last } = this.#content();
    this.#at = content;
    this.#end = last;
    this.#measure();
    return true;
  }

  /** The elements inside this one, which is passed; undefined where it is another. */
  inside(tag: number): Walk | undefined {
    const { content, last } = this.#content();
    const found = this.tag === tag ? new Walk(this.#buffer, content, last) : undefined;
    this.skip();
    return found;
  }

  /** Whether this is the object identifier. */
  spells(identifier: readonly number[]): boolean {
    const { content, last } = this.#content();
    if (this.tag !== OBJECT_IDENTIFIER || last - content !== identifier.length) return false;
    return identifier.every((octet, i) => this.#buffer[content + i] === octet);
  }

  /** The content as the name of a host; of a wildcard, the domain that it stands for. */
  name(): string | undefined {
    const { content, last } = this.#content();
    const buffer = this.#buffer;
    const isWild = last - content > 2 && buffer[content] === 0x2a && buffer[content + 1] === 0x2e;
    return hostName(buffer, isWild ? content + 2 : content, last);
  }

  #content(): { content: number; last: number } {
    return { content: this.#from, last: this.#next };
  }

  /** Definite lengths of up to three octets (X.690 §8.1.3); what goes beyond the end is cut there. */
  #measure(): void {
    const buffer = this.#buffer;
    const first = buffer[this.#at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    let length = octets === 0 ? first : 0;
    for (let i = 0; i < octets && i < 3; i++)
      length = (length << 8) | (buffer[this.#at + 2 + i] ?? 0);
    const isOdd = first === 0x80 || octets > 3;
    this.#from = Math.min(this.#end, this.#at + 2 + octets);
    this.#next = isOdd ? this.#end : Math.min(this.#end, this.#from + length);
  }
}
