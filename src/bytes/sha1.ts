/** SHA-1 of a text: not for security, but because protocols name things by it (XEP-0065). */
import { createHash } from 'node:crypto';

/** Lower-case hex of the SHA-1 of the text's UTF-8. */
export function sha1Hex(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}
