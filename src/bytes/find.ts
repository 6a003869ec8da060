/**
 * Where `octet` stands first in buffer[from, to), or -1. Not `indexOf`, which has no end: in a buffer that
 * holds many units it would look through all of them for each.
 */
export function find(buffer: Uint8Array, octet: number, from: number, to: number): number {
  const end = Math.min(to, buffer.length);
  for (let at = from; at < end; at++) if (buffer[at] === octet) return at;
  return -1;
}
