/** AES-128 of one block: a mask, not a cipher for content. */
import { createCipheriv } from 'node:crypto';

const BLOCK = 16;

/** The 16 octets of `block` enciphered; undefined where key or block have another length. */
export function aesEncryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array | undefined {
  if (key.length !== BLOCK || block.length !== BLOCK) return undefined;
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
}
