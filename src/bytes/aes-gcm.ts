/** AEAD_AES_128_GCM (RFC 5116 §5.1): authenticated encryption, opened. */
import { createDecipheriv } from 'node:crypto';

const KEY = 16;
const NONCE = 12;
const TAG = 16;

/** What was sealed, in new memory; undefined where the tag at its end, or a length, is not right. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const end = sealed.length - TAG;
  if (key.length !== KEY || nonce.length !== NONCE || end < 0) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(end));
  const open = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    return undefined; // the tag is not right: node says so by throwing
  }
  return open;
}
