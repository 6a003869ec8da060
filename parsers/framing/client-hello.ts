/**
 * ClientHello of TLS, DTLS and QUIC: the handshake message, without the records or frames it came in.
 *
 *   u8 1 · u24 length                          RFC 8446 §4
 *   [DTLS: u16 sequence · u24 fragment offset · u24 fragment length]   RFC 6347 §4.2.2
 *   u16 legacy_version · 32 random             RFC 8446 §4.1.2
 *   u8 n · session id (0..32)
 *   [DTLS: u8 n · cookie]                      RFC 6347 §4.2.1
 *   u16 n · cipher suites, u16 each
 *   u8 n · compression methods
 *   [u16 n · extensions: u16 type · u16 n · n octets]                  RFC 8446 §4.2
 *
 * Read in place: the object holds offsets into octets that are lent, strings are made when asked for. Of an extension
 * that comes twice (RFC 8446 §4.2 forbids it) the first counts. A message that is cut short, or whose lengths do not
 * fit, is read as far as it fits and is not `wellFormed`.
 */
import { hostName, isHostName } from '../../src/bytes/host-name.ts';
import { u16be } from '../../src/bytes/read.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { isGrease } from './grease.ts';
import { AGE_OF_1_2, versionAge } from './tls-version.ts';

export const CLIENT_HELLO = 1;
/** Octets of a ClientHello that are looked at; real ones have some 4 KB at most. */
export const HELLO_LIMIT = 16_384;

const HEAD = 4; // type and length
const DTLS_HEAD = 12;
const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const POINT_FORMATS = 11;
const SIGNATURE_ALGORITHMS = 13;
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;
const ESNI = 0xffce; // draft-ietf-tls-esni-02
const ECH = 0xfe0d;
const HOST_NAME = 0;
const H2 = ascii('h2');
const HTTP_1_1 = ascii('http/1.1');
const NOTHING = new Uint8Array(0);
const NAME_SHOWN = 253; // octets
const ALPN_KEPT = 16; // identifiers; more are not looked at

/** A range of the buffer; start is -1 where the field is absent. */
export interface Range {
  start: number;
  end: number;
}

export class ClientHello {
  buffer: Uint8Array = NOTHING;
  /** False: cut short, or lengths do not fit; what fits was read. */
  wellFormed = true;
  legacyVersion = 0;
  sessionIdLength = 0;
  /** An encrypted ClientHello or server name is there, real or for show. */
  ech = false;
  /** A second server name, in a second entry or extension. */
  sniTwice = false;
  /** An extension that is read here came twice. */
  extensionTwice = false;
  /** All cipher suites, u16 each. */
  readonly ciphers: Range = absent();
  /** All extensions with their heads. */
  readonly extensions: Range = absent();
  /** The server_name extension, and the name in it. */
  hasServerName = false;
  readonly name: Range = absent();
  #sni: string | undefined = undefined;
  #sniRead = false;
  readonly #alpn = absent();
  readonly #groups = absent();
  readonly #formats = absent();
  readonly #algorithms = absent();
  readonly #versions = absent();

  /** Nothing of the message before is left: one object may read many, one after the other. */
  begin(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.wellFormed = true;
    this.legacyVersion = 0;
    this.sessionIdLength = 0;
    this.ech = false;
    this.sniTwice = false;
    this.extensionTwice = false;
    this.hasServerName = false;
    this.#sni = undefined;
    this.#sniRead = false;
    this.ciphers.start = this.ciphers.end = 0;
    this.extensions.start = this.extensions.end = 0;
    forget(this.name);
    forget(this.#alpn);
    forget(this.#groups);
    forget(this.#formats);
    forget(this.#algorithms);
    forget(this.#versions);
  }

  /** The name asked for, in lower case; undefined where there is none, or none that DNS could know. */
  get sni(): string | undefined {
    const { start, end } = this.name;
    if (!this.#sniRead && start >= 0) this.#sni = hostName(this.buffer, start, end);
    this.#sniRead = true;
    return this.#sni;
  }

  /** Whether `sni` is there; makes no string. */
  get hasName(): boolean {
    const { start, end } = this.name;
    return start >= 0 && isHostName(this.buffer, start, end);
  }

  /** The name as it is written, where DNS could not know it but it can be read: an address, mostly. */
  get writtenName(): string | undefined {
    const { start, end } = this.name;
    if (start < 0 || end === start || end - start > NAME_SHOWN) return undefined;
    const octets = this.buffer.subarray(start, end);
    return octets.every((octet) => octet > 0x20 && octet < 0x7f)
      ? String.fromCharCode(...octets)
      : undefined;
  }

  /** Whether there is a server_name without a name that DNS could know. */
  get sniInvalid(): boolean {
    return this.hasServerName && this.sni === undefined;
  }

  /** Newest version on offer that has a name, else the legacy one; 0 where a newer one may be behind a cut. */
  get version(): number {
    const { start, end } = this.#versions;
    if (start < 0 && !this.wellFormed && versionAge(this.legacyVersion) >= AGE_OF_1_2) return 0;
    let newest = this.legacyVersion;
    let age = start < 0 ? versionAge(newest) : 0;
    for (let at = start; at >= 0 && at + 2 <= end; at += 2) {
      const offered = u16be(this.buffer, at);
      if (versionAge(offered) > age) {
        newest = offered;
        age = versionAge(offered);
      }
    }
    return newest;
  }

  /** The protocols of ALPN in order of preference, an octet a character. */
  alpn(): string[] {
    const { buffer } = this;
    const { start, end } = this.#alpn;
    const found: string[] = [];
    for (let at = start; at >= 0 && at < end && found.length < ALPN_KEPT; ) {
      const next = at + 1 + (buffer[at] ?? 0);
      if (next > end) break;
      const isForShow = next - at === 3 && isGrease(u16be(buffer, at + 1));
      if (!isForShow) found.push(identifier(buffer, at + 1, next));
      at = next;
    }
    return found;
  }

  /** Whether ALPN has nothing but h2 and http/1.1, as web clients have it; makes no string. */
  get offersOnlyWeb(): boolean {
    const { buffer } = this;
    const { start, end } = this.#alpn;
    let at = start;
    while (at >= 0 && at < end) {
      const next = at + 1 + (buffer[at] ?? 0);
      if (next > end || webIdentifier(buffer, at + 1, next) === undefined) return false;
      at = next;
    }
    return true;
  }

  /** The others without GREASE, in the order they came. */
  cipherSuites(): number[] {
    return this.#values(this.ciphers);
  }

  extensionTypes(): number[] {
    const { buffer } = this;
    const { start, end } = this.extensions;
    const types: number[] = [];
    for (let at = start; at + 4 <= end; at += 4 + u16be(buffer, at + 2)) {
      const type = u16be(buffer, at);
      if (!isGrease(type)) types.push(type);
    }
    return types;
  }

  groups(): number[] {
    return this.#values(this.#groups);
  }

  pointFormats(): number[] {
    const { start, end } = this.#formats;
    return start < 0 ? [] : [...this.buffer.subarray(start, end)];
  }

  signatureAlgorithms(): number[] {
    return this.#values(this.#algorithms);
  }

  supportedVersions(): number[] {
    return this.#values(this.#versions);
  }

  #values({ start, end }: Range): number[] {
    const values: number[] = [];
    for (let at = start; at >= 0 && at + 2 <= end; at += 2) {
      const value = u16be(this.buffer, at);
      if (!isGrease(value)) values.push(value);
    }
    return values;
  }

  /** From the fields' beginning at `start`; false where there are not even cipher suites. */
  readBody(start: number, end: number, isDatagram: boolean): boolean {
    const { buffer } = this;
    let at = start + 34;
    if (at >= end) return false;
    this.legacyVersion = u16be(buffer, start);
    this.sessionIdLength = buffer[at] ?? 0;
    if (this.sessionIdLength > 32) return false;
    at += 1 + this.sessionIdLength;
    if (isDatagram) {
      if (at >= end) return false;
      at += 1 + (buffer[at] ?? 0);
    }
    if (at + 2 > end) return false;
    const ciphers = u16be(buffer, at);
    at += 2;
    if ((ciphers & 1) !== 0) return false;
    this.ciphers.start = at;
    this.ciphers.end = Math.min(end, at + ciphers);
    at += ciphers;
    if (at >= end) return this.#cut(true);
    at += 1 + (buffer[at] ?? 0);
    // Without extensions it ends here (RFC 5246 §7.4.1.2).
    if (at >= end) return this.#cut(at > end);
    const last = at + 2 + u16be(buffer, at);
    this.#cut(last !== end || at + 2 > end);
    this.#readExtensions(Math.min(at + 2, end), Math.min(last, end));
    return true;
  }

  #cut(isCut: boolean): true {
    if (isCut) this.wellFormed = false;
    return true;
  }

  #readExtensions(start: number, end: number): void {
    const { buffer } = this;
    let at = start;
    while (at + 4 <= end) {
      const next = at + 4 + u16be(buffer, at + 2);
      if (next > end) break;
      this.#readExtension(u16be(buffer, at), at + 4, next);
      at = next;
    }
    this.extensions.start = start;
    this.extensions.end = at;
    if (at !== end) {
      this.wellFormed = false;
      // The name may stand before the cut.
      if (at + 4 <= end) this.#readExtension(u16be(buffer, at), at + 4, end);
    }
  }

  #readExtension(type: number, start: number, end: number): void {
    switch (type) {
      case SERVER_NAME:
        this.#readServerName(start, end);
        break;
      case SUPPORTED_GROUPS:
        this.#list(this.#groups, start, end, 2);
        break;
      case POINT_FORMATS:
        this.#list(this.#formats, start, end, 1);
        break;
      case SIGNATURE_ALGORITHMS:
        this.#list(this.#algorithms, start, end, 2);
        break;
      case ALPN:
        this.#list(this.#alpn, start, end, 2);
        break;
      case SUPPORTED_VERSIONS:
        this.#list(this.#versions, start, end, 1);
        break;
      case ECH:
      case ESNI:
        this.ech = true;
        break;
    }
  }

  /** An extension that is one list, with its octets told in `prefix` octets before it. */
  #list(list: Range, start: number, end: number, prefix: 1 | 2): void {
    if (list.start >= 0) {
      this.extensionTwice = true;
      return;
    }
    const told = prefix === 1 ? (this.buffer[start] ?? 0) : u16be(this.buffer, start);
    const from = start + prefix;
    if (from > end || from + told > end) this.wellFormed = false;
    list.start = Math.min(from, end);
    list.end = Math.min(from + told, end);
  }

  /** RFC 6066 §3: u16 n · { u8 type · u16 n · name }. */
  #readServerName(start: number, end: number): void {
    const { buffer, name } = this;
    if (this.hasServerName) {
      this.sniTwice = true;
      return;
    }
    this.hasServerName = true;
    const told = start + 2 + u16be(buffer, start);
    const last = Math.min(end, told);
    let at = start + 2;
    while (at + 3 <= last) {
      const next = at + 3 + u16be(buffer, at + 1);
      if (next > last) break;
      if (buffer[at] === HOST_NAME) {
        if (name.start >= 0) this.sniTwice = true;
        else {
          name.start = at + 3;
          name.end = next;
        }
      }
      at = next;
    }
    if (at !== end || told !== end) this.wellFormed = false;
  }
}

function identifier(buffer: Uint8Array, start: number, end: number): string {
  return webIdentifier(buffer, start, end) ?? String.fromCharCode(...buffer.subarray(start, end));
}

/** The two that nearly all offer make no string. */
function webIdentifier(buffer: Uint8Array, start: number, end: number): string | undefined {
  if (end - start === H2.length && startsWith(buffer, start, H2)) return 'h2';
  if (end - start === HTTP_1_1.length && startsWith(buffer, start, HTTP_1_1)) return 'http/1.1';
  return undefined;
}

function absent(): Range {
  return { start: -1, end: -1 };
}

function forget(range: Range): void {
  range.start = -1;
  range.end = -1;
}

/**
 * The hello in buffer[start, end), which begins with its type; undefined where it is none. It may be cut short.
 * `isDatagram`: DTLS, reassembled: the twelve octets of one fragment's head, then the whole body.
 * `hello`: what it is read into; it may have been used before.
 */
export function readClientHello(
  buffer: Uint8Array,
  start: number,
  end: number,
  isDatagram = false,
  hello: ClientHello = new ClientHello(),
): ClientHello | undefined {
  const body = start + (isDatagram ? DTLS_HEAD : HEAD);
  if (buffer[start] !== CLIENT_HELLO || body > end) return undefined;
  const told = ((buffer[start + 1] ?? 0) << 16) | u16be(buffer, start + 2);
  hello.begin(buffer);
  hello.wellFormed = body + told <= end;
  const last = Math.min(end, body + Math.min(told, HELLO_LIMIT));
  return hello.readBody(body, last, isDatagram) ? hello : undefined;
}
