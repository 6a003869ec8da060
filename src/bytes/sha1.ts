/** SHA-1: not for security, but because protocols name things by it (XEP-0065, MSN's hashed nonces). */
import { hash } from 'node:crypto';

/** Lower-case hex of the SHA-1 of the text's UTF-8. */
export function sha1Hex(text: string): string {
  return hash('sha1', text, 'hex');
}

/** The 20 octets of the SHA-1 of these octets. */
export function sha1(octets: Uint8Array): Uint8Array {
  return hash('sha1', octets, 'buffer');
}
