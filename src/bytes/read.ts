/**
 * Integers inside octets, read by shifts: no DataView is made. The caller has checked the length;
 * octets beyond the array read as 0. 32-bit values are int32 (`>>> 0` makes them unsigned).
 */
export function u16be(buffer: Uint8Array, at: number): number {
  return ((buffer[at] ?? 0) << 8) | (buffer[at + 1] ?? 0);
}

export function u16le(buffer: Uint8Array, at: number): number {
  return (buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8);
}

export function i32be(buffer: Uint8Array, at: number): number {
  return (
    ((buffer[at] ?? 0) << 24) |
    ((buffer[at + 1] ?? 0) << 16) |
    ((buffer[at + 2] ?? 0) << 8) |
    (buffer[at + 3] ?? 0)
  );
}

export function i32le(buffer: Uint8Array, at: number): number {
  return (
    (buffer[at] ?? 0) |
    ((buffer[at + 1] ?? 0) << 8) |
    ((buffer[at + 2] ?? 0) << 16) |
    ((buffer[at + 3] ?? 0) << 24)
  );
}
