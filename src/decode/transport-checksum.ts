/** The checksum of TCP and UDP, over a pseudo-header of addresses, protocol and length (RFC 9293 §3.1). */
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import type { Walk } from './walk.ts';

/** Whether the segment buffer[start, end) is intact; what cannot be checked (cut, source-routed) counts as intact. */
export function transportIntact(walk: Walk, start: number, end: number): boolean {
  if (walk.missing > 0 || walk.rerouted) return true;
  const { addresses, transport } = walk.view;
  // Words above those in use are 0, so IPv4 and IPv6 are summed alike.
  let sum = transport + (end - start);
  for (let i = 0; i < 8; i++) {
    const word = addresses[i] ?? 0;
    sum += (word >>> 16) + (word & 0xffff);
  }
  return foldChecksum(addWords(walk.buffer, start, end, sum)) === 0;
}
