/** AES in counter mode (NIST SP 800-38A §6.5): de- and enciphering are the same. The counter is the whole block, big-endian. */
import { createDecipheriv } from 'node:crypto';

/** Octets of the initial counter block. */
const BLOCK = 16;

/**
 * `octets` deciphered, as many as there are, in new memory. `key` is 16 or 32 octets (AES-128, AES-256), `iv` the
 * counter of the first block; undefined for other lengths.
 */
export function aesCtrDecrypt(
  key: Uint8Array,
  iv: Uint8Array,
  octets: Uint8Array,
): Uint8Array | undefined {
  if ((key.length !== 16 && key.length !== 32) || iv.length !== BLOCK) return undefined;
  return createDecipheriv(key.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr', key, iv).update(
    octets,
  );
}
