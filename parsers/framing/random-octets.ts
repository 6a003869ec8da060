/**
 * Whether octets can be what a cipher made: a cheap look that text, TLS and binary protocols with their small
 * numbers fail at once.
 */

/** Octets that must not all be text. Of random ones 1 in 100 000 begins with so many of text. */
const TEXT = 12;

/** TLS record types, of all versions since SSL 3.0. */
const TLS_FIRST = 0x14;
const TLS_LAST = 0x18;

/** octets[start, end): more of them may make it false later, never true. */
export function mayBeRandom(octets: Uint8Array, start: number, end: number): boolean {
  const first = octets[start] ?? 0;
  if (first >= TLS_FIRST && first <= TLS_LAST && end - start > 1 && octets[start + 1] === 3) {
    return false;
  }
  let isText = true;
  let before = -1;
  for (let at = start; at < end; at++) {
    const octet = octets[at] ?? 0;
    // Two zeros in a row: 1 in 1000 for 64 random octets.
    if (octet === 0 && before === 0) return false;
    before = octet;
    if (isText && at - start < TEXT) {
      isText = (octet >= 0x20 && octet < 0x7f) || (octet >= 0x09 && octet <= 0x0d);
      if (isText && at - start === TEXT - 1) return false;
    }
  }
  return true;
}
