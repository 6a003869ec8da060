/** MD5: not for security, but because JA3 fingerprints are named by it. */
import { hash } from 'node:crypto';

/** Lower-case hex of the MD5 of the text's UTF-8. */
export function md5Hex(text: string): string {
  return hash('md5', text, 'hex');
}
