/** What waits in `incoming/`, as it passed: opened where it is sealed. */
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { unsealFile } from './file-cipher.ts';
import type { KeptNote } from './kept-note.ts';
import { openNoteKey } from './note-key.ts';
import { readPieces } from './read-pieces.ts';

/** Throws LockedFile at once; and ArchiveError as it is read, where it is not what was sealed. */
export function incomingSource(
  path: string,
  { id, sealed }: KeptNote,
  keys: SpoolKeys | undefined,
): AsyncIterable<Uint8Array> {
  if (sealed === undefined) return readPieces(path);
  return unsealFile(openNoteKey(path, keys, id, sealed), readPieces(path));
}
