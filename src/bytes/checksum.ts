/**
 * The Internet checksum (RFC 1071): the ones' complement sum of 16-bit big-endian words, an odd last
 * octet padded with 0.
 */

/**
 * The sum of buffer[start, end) added to `sum`, not yet folded. Ranges may be chained if all but the
 * last have an even length. At most 64 KiB in all: beyond that an int32 overflows.
 */
export function addWords(buffer: Uint8Array, start: number, end: number, sum: number): number {
  let total = sum;
  let at = start;
  for (const last = end - 1; at < last; at += 2) {
    total += ((buffer[at] ?? 0) << 8) | (buffer[at + 1] ?? 0);
  }
  if (at < end) total += (buffer[at] ?? 0) << 8;
  return total;
}

/** The checksum field that belongs to a sum, 0 to 0xffff. A range that holds its own correct checksum gives 0. */
export function foldChecksum(sum: number): number {
  let folded = sum >>> 0;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}
