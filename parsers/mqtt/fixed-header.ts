/**
 * The fixed header (MQTT 5.0 §2.1): type and flags, then the remaining length in one to four octets of
 * seven bits, least significant first (§1.5.5).
 */
const LONGEST = 4; // octets of a variable byte integer

/** Octets that the variable byte integer at `at` occupies; 0: not all there; -1: more than four. */
export function varintOctets(buffer: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < LONGEST; i++) {
    if (at + i >= end) return 0;
    if ((buffer[at + i] ?? 0) < 0x80) return i + 1;
  }
  return -1;
}

/** Its value; only where varintOctets is above 0. */
export function varintValue(buffer: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < LONGEST; i++) {
    const octet = buffer[at + i] ?? 0;
    value += (octet & 0x7f) << (7 * i);
    if (octet < 0x80) break;
  }
  return value;
}

/** Octets of the shortest way to write it. */
export function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

/** Octets of the whole packet; 0: too early to tell; -1: no packet. */
export function measurePacket(buffer: Uint8Array, at: number, end: number): number {
  if (at < end && (buffer[at] ?? 0) >> 4 === 0) return -1;
  const octets = varintOctets(buffer, at + 1, end);
  return octets <= 0 ? octets : 1 + octets + varintValue(buffer, at + 1);
}

/** Octets of the fixed header of a packet that `measurePacket` measured. */
export function headerOctets(buffer: Uint8Array, at: number, end: number): number {
  return 1 + varintOctets(buffer, at + 1, end);
}
