/**
 * The account in the sign-in of WhatsApp's compressed XML (version 1.5, 2013 to 2016), the third frame in clear:
 *
 *   stream start, features, then a list that begins with the token of <auth>; its attribute `user` has the number
 *
 *   user     b5, then  fc u8 length, ASCII digits
 *                  or  ff u8: number of octets in the low seven bits, the last half octet unused where the first bit
 *                      is set; two digits an octet
 */
import { FRAME_HEAD, frameLength } from './header.ts';

const AUTH_FRAME = 3;
const LIST = 0xf8;
const AUTH = 0x0c;
const USER = 0xb5;
const TEXT = 0xfc;
const DIGITS = 0xff;
/** Digits of a number with its country code (E.164). */
const LEAST = 7;
const MOST = 15;

/** The number; '' where the sign-in has none that can be read; undefined while it has not come. */
export function signInOf(octets: Uint8Array, start: number, end: number): string | undefined {
  let at = start;
  for (let frame = 1; ; frame++) {
    if (end < at + FRAME_HEAD) return undefined;
    const from = at + FRAME_HEAD;
    at = from + frameLength(octets, at);
    if (frame === AUTH_FRAME) return end < at ? undefined : userOf(octets, from, at);
  }
}

function userOf(octets: Uint8Array, from: number, end: number): string {
  if (octets[from] !== LIST || octets[from + 2] !== AUTH) return '';
  for (let at = from + 3; at < end - 2; at++) {
    if (octets[at] !== USER) continue;
    const count = octets[at + 2] ?? 0;
    if (octets[at + 1] === TEXT) return digits(octets, at + 3, count, end, 1);
    if (octets[at + 1] !== DIGITS) continue;
    const number = digits(octets, at + 3, 2 * (count & 0x7f), end, 2);
    return count >= 0x80 ? number.slice(0, -1) : number;
  }
  return '';
}

/** `count` digits from `at`, one or two an octet; '' where they are none. */
function digits(octets: Uint8Array, at: number, count: number, end: number, each: 1 | 2): string {
  if (count < LEAST || count > MOST + 1 || at + count / each > end) return '';
  let number = '';
  for (let i = 0; i < count; i++) {
    const octet = octets[at + Math.floor(i / each)] ?? 0;
    const digit = each === 1 ? octet - 0x30 : i % 2 === 0 ? octet >> 4 : octet & 15;
    const isFiller = each === 2 && i === count - 1; // half an octet that may be unused
    if (!isFiller && (digit < 0 || digit > 9)) return '';
    number += isFiller && digit > 9 ? '0' : String(digit);
  }
  return number;
}
