/** Writes all of the octets, where the file is. Throws what the file system says. */
import { writeSync } from 'node:fs';

export function writeAll(file: number, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
}
