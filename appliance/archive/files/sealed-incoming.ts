/** Sealed files that wait in `incoming/`: no keys are made anew in the place of those that they need. */
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

/** The first; undefined where the folder is not there or cannot be read, too: who takes files over tells of that. */
export function sealedIncoming(folder: string): SealedIncoming | undefined {
  try {
    for (const { octets: path, note } of waitingNotes(folder)) {
      const { id, sealed } = note;
      if (sealed !== undefined) return { path, id, sealed };
    }
  } catch (error) {
    if (systemErrorText(error) === undefined) throw error;
  }
  return undefined;
}

/**
 * Throws LockedFile where there are no keys at all. One file whose key is not among those that are there holds up
 * nobody: it waits, and who takes files over tells of it. Anybody who can write a note can name such a key.
 */
export function requireIncomingKeys(
  waiting: SealedIncoming | undefined,
  keys: SpoolKeys | undefined,
): void {
  if (waiting === undefined || keys !== undefined) return;
  openNoteKey(waiting.path, keys, waiting.id, waiting.sealed);
}
