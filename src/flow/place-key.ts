/** Keys of addresses for tables that are asked seldom: text, IPv4 in the last word alone. */
import { readAddress } from './address-text.ts';
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

/** `192.0.2.1` as an int32: nearly all answers of a resolver, and cheaper so than by a library. */
function dottedQuad(text: string): number | undefined {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9) {
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else {
      if (digit !== -2 || octet < 0 || ++dots > 3) return undefined; // '.'
      address = (address << 8) | octet;
      octet = -1;
    }
  }
  return dots === 3 && octet >= 0 ? (address << 8) | octet : undefined;
}

function keyOf(words: Int32Array, high: number, low: number): string {
  const first = words[high] ?? 0;
  if (first === 0 && words[high + 1] === 0 && words[high + 2] === 0) return `${low}`;
  return `${first} ${words[high + 1] ?? 0} ${words[high + 2] ?? 0} ${low}`;
}
