/**
 * STUN and TURN messages (RFC 8489 §5, §14; RFC 8656; RFC 3489 §11), read in place:
 *
 *   message   = 00 + type (14 bits), length:u16 of the attributes, cookie 21 12 a4 42, transaction (12 octets), attributes
 *   attribute = type:u16 length:u16 value, padded to four octets
 *
 * WhatsApp's messages end without the padding. Those of RFC 3489 have no cookie: they count only where each of their
 * attributes is one of that time (or of Zoom's) and has its size; those of Microsoft's TURN without one begin with an
 * attribute that holds another constant ([MS-TURN] §2.2.2.1).
 */
import { i32be, u16be } from '../../src/bytes/read.ts';

export const STUN_HEADER = 20;
export const COOKIE = 0x2112a442;

/** Attributes of a message that are looked at; real ones have fewer than twenty. */
const ATTRIBUTES_LIMIT = 64;

/** Octets before a message in Microsoft's multiplexed TURN: ff 10, length:u16 of what follows, session. */
const MULTIPLEXED = 12;
const MICROSOFT_COOKIE = 0x72c64bc6;
export const MICROSOFT_COOKIE_TYPE = 0x000f;

/** What only Zoom's messages have: a text of twenty digits, and the answer to it. */
export const ZOOM_TEXT = 0x0101;
export const ZOOM_ADDRESS = 0x0103;

const NOTHING = new Uint8Array(0);
const CLASSIC_TYPES: ReadonlySet<number> = new Set([1, 0x101, 0x111, 2, 0x102, 0x112]);

export class StunMessage {
  type = 0;
  hasCookie = false;
  /** It lies inside Microsoft's multiplexed TURN. */
  multiplexed = false;
  /** An attribute goes beyond the message. */
  malformed = false;
  /** The attribute under the hand, its value in octets[start, end). */
  attribute = 0;
  start = 0;
  end = 0;
  #octets: Uint8Array = NOTHING;
  #next = 0;
  #last = 0;
  #read = 0;

  /** False where `octets` are not exactly one message. */
  begin(octets: Uint8Array): boolean {
    const { length } = octets;
    this.multiplexed =
      length >= MULTIPLEXED + STUN_HEADER &&
      u16be(octets, 0) === 0xff10 &&
      u16be(octets, 2) + 4 === length;
    const at = this.multiplexed ? MULTIPLEXED : 0;
    if (length < at + STUN_HEADER) return false;
    this.type = u16be(octets, at);
    if (this.type >= 0x4000 || at + STUN_HEADER + u16be(octets, at + 2) !== length) return false;
    this.hasCookie = i32be(octets, at + 4) === COOKIE;
    this.#octets = octets;
    this.#last = length;
    this.rewind(at);
    return this.hasCookie || this.#isOlder(at);
  }

  /** False after the last attribute. */
  next(): boolean {
    const at = this.#next;
    if (at + 4 > this.#last || this.#read === ATTRIBUTES_LIMIT) return false;
    this.attribute = u16be(this.#octets, at);
    this.start = at + 4;
    this.end = at + 4 + u16be(this.#octets, at + 2);
    if (this.end > this.#last) {
      this.malformed = true;
      return false;
    }
    this.#read += 1;
    this.#next = at + 4 + ((this.end - this.start + 3) & ~3);
    return true;
  }

  rewind(at: number): void {
    this.malformed = false;
    this.#next = at + STUN_HEADER;
    this.#read = 0;
  }

  /** Lets go of the lent octets. */
  clear(): void {
    this.#octets = NOTHING;
  }

  #isOlder(at: number): boolean {
    const first = at + STUN_HEADER;
    const octets = this.#octets;
    if (this.#last >= first + 8 && i32be(octets, first) === (MICROSOFT_COOKIE_TYPE << 16) + 4) {
      if (i32be(octets, first + 4) === MICROSOFT_COOKIE) return true;
    }
    if (!CLASSIC_TYPES.has(this.type)) return false;
    let count = 0;
    while (this.next()) {
      if (!this.#isClassic()) return false;
      count += 1;
    }
    const whole = !this.malformed && this.#next === this.#last;
    this.rewind(at);
    return whole && count > 0;
  }

  #isClassic(): boolean {
    const octets = this.#octets;
    const length = this.end - this.start;
    switch (this.attribute) {
      case 0x0001: // MAPPED-ADDRESS and others of its form: 00, family 01, port, address
      case 0x0002:
      case 0x0004:
      case 0x0005:
      case 0x000b:
      case ZOOM_ADDRESS:
        return length === 8 && u16be(octets, this.start) === 1;
      case 0x0003: // CHANGE-REQUEST
        return length === 4 && (i32be(octets, this.start) & ~6) === 0;
      case 0x0006: // USERNAME
        return length > 0 && length <= 512;
      case 0x0008: // MESSAGE-INTEGRITY
      case ZOOM_TEXT:
        return length === 20;
      default:
        return false;
    }
  }
}
