/**
 * Variable-length integers (RFC 9000 §16): the two highest bits of the first octet tell 1, 2, 4 or 8 octets. Values
 * beyond 2^53 lose their lowest bits, which is as good as any for what no datagram has room for.
 */
import { i32be } from '../../src/bytes/read.ts';

/** Octets of the integer that begins with `first`. */
export function varintLength(first: number): number {
  return 1 << (first >> 6);
}

/** The integer at `at`, all of whose octets are there. */
export function varintAt(octets: Uint8Array, at: number): number {
  const first = octets[at] ?? 0;
  switch (first >> 6) {
    case 0:
      return first;
    case 1:
      return ((first & 0x3f) << 8) | (octets[at + 1] ?? 0);
    case 2:
      return i32be(octets, at) & 0x3fff_ffff;
    default:
      return (i32be(octets, at) & 0x3fff_ffff) * 2 ** 32 + (i32be(octets, at + 4) >>> 0);
  }
}

/** Where the next octet stands after a varint in octets[at, end); -1 where it is not whole. */
export function afterVarint(octets: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const next = at + varintLength(octets[at] ?? 0);
  return next > end ? -1 : next;
}
