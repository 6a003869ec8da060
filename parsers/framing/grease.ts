/** GREASE (RFC 8701): values that mean nothing and keep servers tolerant: 0a0a, 1a1a, … fafa. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}
