/**
 * What ties the connections of a session together: the server gives out a cookie on one, the client
 * shows it on the next, and names nobody. Only the digest of a cookie is kept; it is a secret.
 */
import { sha1Hex } from '../../src/bytes/sha1.ts';
import type { SharedMemory } from '../contract.ts';

/** Who gets the cookie, and for which room where it opens a chat connection. */
export interface Introduction {
  readonly account: string;
  readonly room: string | undefined;
}

/** Octets of a cookie; 256 are usual. */
const COOKIE_LIMIT = 4096;

export function introduce(
  memory: SharedMemory,
  cookie: Uint8Array,
  introduction: Introduction,
): void {
  if (cookie.length > 0) memory.set(keyOf(cookie), introduction);
}

export function introducedBy(memory: SharedMemory, cookie: Uint8Array): Introduction | undefined {
  if (cookie.length === 0) return undefined;
  const found = memory.get(keyOf(cookie));
  return isIntroduction(found) ? found : undefined;
}

function keyOf(cookie: Uint8Array): string {
  let text = '';
  for (const octet of cookie.subarray(0, COOKIE_LIMIT)) text += String.fromCharCode(octet);
  return `cookie ${sha1Hex(text)}`;
}

function isIntroduction(value: unknown): value is Introduction {
  return typeof value === 'object' && value !== null && 'account' in value && 'room' in value;
}
