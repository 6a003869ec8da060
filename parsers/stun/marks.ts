/**
 * Whose call a STUN message belongs to, by attributes that nobody else has:
 *
 *   4000–4007, methods 080 (types 0800–0802)      WhatsApp: nDPI protocols/stun.c, seen in its captures
 *   000f 8006 8008 8036 8037 8054 8055 8070 8095  Microsoft, Teams and Skype: [MS-TURN] §2.2.2, [MS-ICE2] §2.2.1
 *   0101 0103 without a cookie                    Zoom: seen in captures
 *   0014 REALM                                    whoever runs the relay; `turner.facebook` is no name of DNS
 *
 * Attributes of libwebrtc (c057, c060, ff00 …) prove nothing: every browser and most messengers send them.
 */
import { hostName } from '../../src/bytes/host-name.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { MICROSOFT_COOKIE_TYPE, StunMessage, ZOOM_ADDRESS, ZOOM_TEXT } from './message.ts';

const REALM = 0x0014;
const REALM_LIMIT = 128; // octets; RFC 8489 §14.9 allows 128 characters

const MICROSOFT: ReadonlySet<number> = new Set([
  MICROSOFT_COOKIE_TYPE,
  0x8006, // MS-Version of old
  0x8008, // MS-VERSION
  0x8036,
  0x8037,
  0x8054, // CANDIDATE-IDENTIFIER
  0x8055, // MS-SERVICE-QUALITY
  0x8070, // IMPLEMENTATION-VERSION
  0x8095, // MULTIPLEXED-TURN-SESSION-ID
]);

/** What answers and keep-alives of anybody have: addresses, the sender's software, a checksum. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([
  0x0001, 0x0004, 0x0005, 0x0020, 0x8020, 0x8022, 0x8023, 0x8028, 0x802b, 0x802c,
]);

/** Words in a realm that name its service where the realm is no name that the catalogue could know. */
const REALM_WORDS: readonly (readonly [string, string])[] = [
  ['facebook', 'stun-facebook'],
  ['telegram', 'stun-telegram'],
  ['viber', 'stun-viber'],
  ['whatsapp', 'stun-whatsapp'],
];

export class StunMarks {
  readonly #message = new StunMessage();
  /** Name of a signature. */
  signature: string | undefined = undefined;
  /** The realm, where it is the name of a host. */
  realm: string | undefined = undefined;
  /** More than a keep-alive: somebody calls. */
  isCall = false;
  malformed = false;

  /** False where `octets` are not exactly one message; else the marks are this message's. */
  read(octets: Uint8Array): boolean {
    const message = this.#message;
    this.signature = undefined;
    this.realm = undefined;
    this.malformed = false;
    if (!message.begin(octets)) {
      message.clear();
      return false;
    }
    this.isCall = (message.type & 0x3eef) !== 0x0001; // not Binding
    if (message.hasCookie && message.type >= 0x0800 && message.type <= 0x0802) {
      this.signature = 'stun-whatsapp';
    }
    if (message.multiplexed) this.signature = 'stun-teams';
    while (message.next()) this.#mark(octets, message);
    this.malformed = message.malformed;
    message.clear();
    return true;
  }

  #mark(octets: Uint8Array, { attribute, hasCookie, start, end }: StunMessage): void {
    if (!SAYS_NOTHING.has(attribute)) this.isCall = true;
    if (attribute === REALM) this.#readRealm(octets, start, end);
    else if (MICROSOFT.has(attribute)) this.signature ??= 'stun-teams';
    else if (hasCookie && attribute >= 0x4000 && attribute <= 0x4007) {
      this.signature ??= 'stun-whatsapp';
    } else if (!hasCookie && (attribute === ZOOM_TEXT || attribute === ZOOM_ADDRESS)) {
      this.signature ??= 'stun-zoom';
    }
  }

  #readRealm(octets: Uint8Array, start: number, end: number): void {
    if (end === start || end - start > REALM_LIMIT) return;
    const host = hostName(octets, start, octets[end - 1] === 0 ? end - 1 : end);
    this.realm = host?.includes('.') ? host : undefined;
    const text = host ?? utf8(octets, start, end).toLowerCase();
    for (const [word, signature] of REALM_WORDS) {
      if (text.includes(word)) this.signature ??= signature;
    }
  }
}
