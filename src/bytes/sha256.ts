/** SHA-256 of short texts (JA4 fingerprints). Content of files is hashed by the engine, as it passes. */
import { hash } from 'node:crypto';

/** Lower-case hex of the SHA-256 of the text's UTF-8. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
