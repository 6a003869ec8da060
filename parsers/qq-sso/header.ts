/**
 * The packets of QQ's programs for telephones (mirai, OutgoingPacket): nothing is readable but whose they are.
 *
 *   u32 length of all,
 *   u32 0a, u8 cipher (0 none, 1, 2), u32 length of the ticket with itself, ticket      while signing in
 *   u32 0b, u8 cipher, u32 sequence                                                     after it
 *   u8 0, u32 length of the number with itself, the QQ number in digits, sealed octets
 */
import { i32be } from '../../src/bytes/read.ts';

const SIGN_IN = 10;
const AFTER = 11;
const CIPHERS = 2;
const KIND = 4;
const CIPHER = 8;
const EXTRA = 9;
const LENGTH = 4;
/** Octets of a ticket; real ones have 64 to 72. */
const TICKET_MOST = 512;
/** Digits of a QQ number; "0" before the first sign-in. */
const DIGITS_MOST = 11;
/** Octets of a packet that begins a connection. */
const PACKET_MOST = 1 << 16;

/** Octets in which the number stands. */
export const HEADER_MOST = EXTRA + LENGTH + TICKET_MOST + 1 + LENGTH + DIGITS_MOST;

/** The number; undefined while more is needed; '' where it is no such packet. */
export function numberOf(octets: Uint8Array): string | undefined {
  const end = octets.length;
  if (end > 0 && octets[0] !== 0) return '';
  if (end > KIND && octets[KIND] !== 0) return '';
  if (end < EXTRA + LENGTH) return undefined;
  const kind = i32be(octets, KIND);
  if (kind !== SIGN_IN && kind !== AFTER) return '';
  if ((octets[CIPHER] ?? 0) > CIPHERS || i32be(octets, 0) > PACKET_MOST) return '';
  const extra = kind === SIGN_IN ? i32be(octets, EXTRA) : LENGTH;
  if (extra < LENGTH || extra > LENGTH + TICKET_MOST) return '';
  const at = EXTRA + extra;
  if (end > at && octets[at] !== 0) return '';
  if (end < at + 1 + LENGTH) return undefined;
  const digits = i32be(octets, at + 1) - LENGTH;
  if (digits < 1 || digits > DIGITS_MOST) return '';
  const from = at + 1 + LENGTH;
  if (i32be(octets, 0) < from + digits) return '';
  let number = '';
  for (let i = from; i < Math.min(end, from + digits); i++) {
    const octet = octets[i] ?? 0;
    if (octet < 0x30 || octet > 0x39) return '';
    number += String.fromCharCode(octet);
  }
  return end < from + digits ? undefined : number;
}
