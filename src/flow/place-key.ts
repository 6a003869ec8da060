/** Keys of addresses for tables that are asked seldom: text, IPv4 in the last word alone. */
import { dottedQuad, readAddress } from './address-text.ts';
import { CLIENT, CLIENT_HIGH, SERVER, SERVER_HIGH, STRIDE } from './layout.ts';
import type { FlowTable } from './table.ts';

export type End = 'client' | 'server';

/** Of one end of a flow. */
export function addressKey({ words }: FlowTable, slot: number, end: End): string {
  const at = slot * STRIDE;
  const high = at + (end === 'client' ? CLIENT_HIGH : SERVER_HIGH);
  const low = words[at + (end === 'client' ? CLIENT : SERVER)] ?? 0;
  return keyOf(words, high, low);
}

const read = new Int32Array(4);

/** Of a numeric address; undefined where it is none. */
export function addressKeyOf(text: string): string | undefined {
  const ipv4 = dottedQuad(text);
  if (ipv4 !== undefined) return `${ipv4}`;
  return readAddress(text, read) === 0 ? undefined : keyOf(read, 0, read[3] ?? 0);
}

function keyOf(words: Int32Array, high: number, low: number): string {
  const first = words[high] ?? 0;
  if (first === 0 && words[high + 1] === 0 && words[high + 2] === 0) return `${low}`;
  return `${first} ${words[high + 1] ?? 0} ${words[high + 2] ?? 0} ${low}`;
}
