/** Values as text: UTF-8 where they are, else windows-1252; `legacy` where key 97 says 0 (dossier §4). */
import { boundedCopy, utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { windows1252 } from '../../src/bytes/windows-1252.ts';
import { NAME_LIMIT } from './ymsg-limits.ts';

export function decoded(buffer: Uint8Array, start: number, end: number, legacy: boolean): string {
  if (legacy) return windows1252(buffer.subarray(start, end));
  return utf8OrWindows1252(buffer, start, end);
}

/** The spelling that lists and rules have: lower case, the network's own domain left out. */
export function canonicalId(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const bare = written
    .trim()
    .toLowerCase()
    .replace(/@yahoo\.com$/, '');
  return bare === '' ? undefined : boundedCopy(bare, NAME_LIMIT);
}

/** A name of bounded length, or undefined where it is empty. */
export function boundedName(written: string | undefined, limit = NAME_LIMIT): string | undefined {
  if (written === undefined || written === '') return undefined;
  return boundedCopy(written, limit);
}
