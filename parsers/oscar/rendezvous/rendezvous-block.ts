/**
 * The value of TLV 0005 in a message of channel 2:
 *
 *   u16 type (0 propose, 1 cancel, 2 accept) · 8 octets cookie · 16 octets capability · TLVs
 *   0002 address to connect to, 0003 the client's, 0004 as the server saw it · 0005 port
 *   000a sequence (1 proposal, 2 the receiver asks to be connected to, 3 by way of a proxy)
 *   000b reason of a cancel · 000c text, 000d its charset · 0010 by way of a proxy (then 0005 is no port)
 *   0016, 0017 address and port with every bit turned · 2711 what is offered · 2712 charset of its name
 *
 * Source: dossier oscar.md §5. One object, read in place; of a TLV that comes twice the first counts.
 */
import { i32be, u16be } from '../../../src/bytes/read.ts';
import { utf8 } from '../../../src/bytes/text.ts';
import { TlvWalk } from '../tlv.ts';
import { GUID_LENGTH, hexText } from './capability.ts';

export const RendezvousType = { Propose: 0, Cancel: 1, Accept: 2 } as const;

const HEAD = 2 + 8 + GUID_LENGTH;
const COOKIE_AT = 2;
const GUID_AT = 10;
const CHARSET_LIMIT = 32; // octets of a charset's name
const NOTHING = new Uint8Array(0);

export class RendezvousBlock {
  buffer: Uint8Array = NOTHING;
  type = 0;
  /** Where the capability stands. */
  guidAt = 0;
  sequence = 1;
  /** TLVs 0002, 0003, 0004: dotted text, undefined where absent or 0.0.0.0. */
  address: string | undefined = undefined;
  clientAddress: string | undefined = undefined;
  verifiedAddress: string | undefined = undefined;
  /** 0 where absent. */
  port = 0;
  proxied = false;
  /** -1 where absent. */
  reason = -1;
  textStart = 0;
  textEnd = 0;
  textCharset: string | undefined = undefined;
  /** TLV 2711, empty where absent. */
  dataStart = 0;
  dataEnd = 0;
  nameCharset: string | undefined = undefined;
  twice = false;
  badCheck = false;
  readonly #tlvs = new TlvWalk();

  /** False where it is malformed; what was read before stands. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    this.#reset(buffer);
    if (end - start < HEAD) return false;
    this.type = u16be(buffer, start);
    this.guidAt = start + GUID_AT;
    const tlvs = this.#tlvs;
    const seen = new Set<number>();
    let addressCheck = -1;
    let portCheck = -1;
    for (tlvs.over(buffer, start + HEAD, end); tlvs.next(); ) {
      if (seen.has(tlvs.type)) {
        this.twice = true;
        continue;
      }
      seen.add(tlvs.type);
      if (tlvs.type === 0x16 && tlvs.length === 4) addressCheck = tlvs.start;
      else if (tlvs.type === 0x17 && tlvs.length === 2) portCheck = tlvs.start;
      else this.#one(tlvs.type, tlvs.start, tlvs.end);
    }
    if (addressCheck !== -1 && this.address !== undefined) {
      this.badCheck = dotted(buffer, addressCheck, 0xff) !== this.address;
    }
    if (portCheck !== -1) this.badCheck ||= (u16be(buffer, portCheck) ^ 0xffff) !== this.port;
    const { broken } = tlvs;
    tlvs.clear();
    return !broken;
  }

  /** Lower-case hex of the cookie inside; the message has its own. */
  static cookieOf(buffer: Uint8Array, start: number): string {
    return hexText(buffer, start + COOKIE_AT, start + GUID_AT);
  }

  /** Keeps no view of what was lent. */
  clear(): void {
    this.#reset(NOTHING);
  }

  #one(type: number, start: number, end: number): void {
    const { buffer } = this;
    const length = end - start;
    // Of numbers that are too long clients read the beginning.
    if (type === 0x0a && length >= 2) this.sequence = u16be(buffer, start);
    else if (type === 0x02 && length === 4) this.address = addressAt(buffer, start);
    else if (type === 0x03 && length === 4) this.clientAddress = addressAt(buffer, start);
    else if (type === 0x04 && length === 4) this.verifiedAddress = addressAt(buffer, start);
    else if (type === 0x05 && length >= 2) this.port = u16be(buffer, start);
    else if (type === 0x10) this.proxied = true;
    else if (type === 0x0b && length >= 2) this.reason = u16be(buffer, start);
    else if (type === 0x0c) {
      this.textStart = start;
      this.textEnd = end;
    } else if (type === 0x0d) this.textCharset = charsetName(buffer, start, end);
    else if (type === 0x2711) {
      this.dataStart = start;
      this.dataEnd = end;
    } else if (type === 0x2712) this.nameCharset = charsetName(buffer, start, end);
  }

  #reset(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.type = -1;
    this.guidAt = 0;
    this.sequence = 1;
    this.address = undefined;
    this.clientAddress = undefined;
    this.verifiedAddress = undefined;
    this.port = 0;
    this.proxied = false;
    this.reason = -1;
    this.textStart = 0;
    this.textEnd = 0;
    this.textCharset = undefined;
    this.dataStart = 0;
    this.dataEnd = 0;
    this.nameCharset = undefined;
    this.twice = false;
    this.badCheck = false;
  }
}

function charsetName(buffer: Uint8Array, start: number, end: number): string {
  return utf8(buffer, start, Math.min(end, start + CHARSET_LIMIT));
}

function addressAt(buffer: Uint8Array, at: number): string | undefined {
  return i32be(buffer, at) === 0 ? undefined : dotted(buffer, at, 0);
}

/** `turned`: bits that are exchanged in each octet. */
function dotted(buffer: Uint8Array, at: number, turned: number): string {
  const octet = (i: number) => (buffer[at + i] ?? 0) ^ turned;
  return `${octet(0)}.${octet(1)}.${octet(2)}.${octet(3)}`;
}
