/** A UUID as text: `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` (RFC 9562 §4), in one string of its own. */
import { Buffer } from 'node:buffer';

const OCTETS = 16;
const TEXT = 36; // characters
/** Where the two digits of each octet stand. */
const PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const DIGITS = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));
const scratch = Buffer.alloc(TEXT, '-');

/** Of 16 octets. */
export function uuidText(octets: Uint8Array): string {
  for (let i = 0; i < OCTETS; i++) {
    const octet = octets[i] ?? 0;
    const place = PLACES[i] ?? 0;
    scratch[place] = DIGITS[octet >> 4] ?? 0;
    scratch[place + 1] = DIGITS[octet & 15] ?? 0;
  }
  return scratch.toString('latin1');
}
