/**
 * Nicks and targets as strings: the same few names stand in most lines, so the last spelling of
 * each slot is kept and compared octet by octet before a new string is made. Shared by all flows,
 * holds names only, and never grows.
 */
import { ircText } from './decoding.ts';

const SLOTS = 512; // a power of two
const LONGEST = 64; // octets; longer names are decoded each time

const strings: string[] = new Array(SLOTS).fill('');
const lengths = new Int32Array(SLOTS);
const spelled = new Uint8Array(SLOTS * LONGEST);

/** The name in the range, decoded as `ircText` does. */
export function nameText(buffer: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST || length === 0) return ircText(buffer, start, end);
  let hash = length;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 11)) & (SLOTS - 1);
  const base = slot * LONGEST;
  if (lengths[slot] === length && isSpelled(buffer, start, base, length))
    return strings[slot] ?? '';
  const text = ircText(buffer, start, end);
  lengths[slot] = length;
  for (let i = 0; i < length; i++) spelled[base + i] = buffer[start + i] ?? 0;
  strings[slot] = text;
  return text;
}

function isSpelled(buffer: Uint8Array, start: number, base: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (buffer[start + i] !== spelled[base + i]) return false;
  return true;
}
