/** Sealed files that wait in `incoming/`: an archive is not opened for writing without the keys of all of them. */
import { systemErrorText } from '../../cli/user-error.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { type NoteKey, openNoteKey } from './note-key.ts';
import { waitingNotes } from './waiting-notes.ts';

export interface SealedIncoming {
  /** Of its octets. */
  readonly path: string;
  readonly id: string;
  readonly sealed: NoteKey;
}

/** Of a folder that is not there or cannot be read, none: who takes files over tells of that. */
export function sealedIncoming(folder: string): readonly SealedIncoming[] {
  const found: SealedIncoming[] = [];
  try {
    for (const { octets: path, note } of waitingNotes(folder)) {
      const { id, sealed } = note;
      if (sealed !== undefined) found.push({ path, id, sealed });
    }
  } catch (error) {
    if (systemErrorText(error) === undefined) throw error;
  }
  return found;
}

/** Throws LockedFile. */
export function requireIncomingKeys(
  waiting: readonly SealedIncoming[],
  keys: SpoolKeys | undefined,
): void {
  for (const { path, id, sealed } of waiting) openNoteKey(path, keys, id, sealed);
}
