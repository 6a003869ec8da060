/**
 * Base64 (RFC 4648 §4), tolerant of white space as XML wraps it; octets to octets, no string made.
 */
const SKIP = 0x40;
const PAD = 0x41;
const BAD = 0x42;
const VALUES = new Uint8Array(256).fill(BAD);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
for (const space of [0x20, 0x09, 0x0a, 0x0d]) VALUES[space] = SKIP;
VALUES[0x3d] = PAD;

/** The octets that buffer[start, end) stands for, or undefined when it is not base64. */
export function decodeBase64(
  buffer: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  const decoded = new Uint8Array(((Math.max(0, end - start) + 3) >> 2) * 3);
  let used = 0;
  let bits = 0;
  let held = 0; // digits in `bits`
  let padded = false;
  for (let i = start; i < end; i++) {
    const value = VALUES[buffer[i] ?? 0] ?? BAD;
    if (value === SKIP) continue;
    if (value === BAD || (padded && value !== PAD)) return undefined;
    if (value === PAD) {
      padded = true;
      continue;
    }
    bits = (bits << 6) | value;
    held += 1;
    if (held < 4) continue;
    decoded[used++] = bits >> 16;
    decoded[used++] = bits >> 8;
    decoded[used++] = bits;
    bits = 0;
    held = 0;
  }
  if (held === 1) return undefined;
  if (held === 2) decoded[used++] = bits >> 4;
  if (held === 3) {
    decoded[used++] = bits >> 10;
    decoded[used++] = bits >> 2;
  }
  return decoded.subarray(0, used);
}
