/** SHA-256 of short texts (JA4 fingerprints). Content of files is hashed by the engine, as it passes. */
import { createHash } from 'node:crypto';

/** Lower-case hex of the SHA-256 of the text's UTF-8. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
