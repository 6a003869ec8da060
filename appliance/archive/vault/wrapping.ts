/**
 * A key, encrypted by another one: AES-256-GCM, nonce ‖ ciphertext ‖ tag. `purpose` says what the key is and is
 * bound to it: a wrapped key that was moved to another place does not open.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { NONCE_OCTETS, TAG_OCTETS } from './stored-form.ts';

export const KEY_OCTETS = 32;

export function wrapKey(by: KeyObject, purpose: string, key: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv('aes-256-gcm', by, nonce);
  cipher.setAAD(Buffer.from(purpose));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** undefined: it was wrapped by another key, for another purpose, or is damaged. */
export function unwrapKey(by: KeyObject, purpose: string, wrapped: Uint8Array): Buffer | undefined {
  if (wrapped.length !== NONCE_OCTETS + KEY_OCTETS + TAG_OCTETS) return undefined;
  const end = wrapped.length - TAG_OCTETS;
  const decipher = createDecipheriv('aes-256-gcm', by, wrapped.subarray(0, NONCE_OCTETS));
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(wrapped.subarray(end));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_OCTETS, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}
