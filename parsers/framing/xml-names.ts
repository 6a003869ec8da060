/**
 * Interned names: the same octets give the same string, made once. XMPP repeats a few hundred
 * names and namespaces for ever; a table of fixed size keeps what a hostile peer can occupy fixed.
 */
import { utf8 } from '../../src/bytes/text.ts';

const SLOTS = 2048; // a power of two
const MAX_OCTETS = 96; // longer names are decoded each time
const MEMORY: (Entry | undefined)[] = new Array(SLOTS).fill(undefined);

interface Entry {
  readonly octets: Uint8Array;
  readonly text: string;
}

/** The range as a string; one string per name, however often it comes. */
export function internedName(buffer: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length <= 0) return '';
  if (length > MAX_OCTETS) return utf8(buffer, start, end);
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (buffer[i] ?? 0), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = MEMORY[slot];
  if (known !== undefined && same(known.octets, buffer, start, length)) return known.text;
  const text = utf8(buffer, start, end);
  MEMORY[slot] = { octets: buffer.slice(start, end), text };
  return text;
}

function same(octets: Uint8Array, buffer: Uint8Array, start: number, length: number): boolean {
  if (octets.length !== length) return false;
  for (let i = 0; i < length; i++) if (octets[i] !== buffer[start + i]) return false;
  return true;
}
