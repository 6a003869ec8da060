/** Notes in `incoming/`, of files that the archive has not taken yet. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptNote, NOTE_SUFFIX } from './kept-note.ts';
import { readNote } from './read-note.ts';

export interface WaitingNote {
  readonly path: string;
  /** Where its octets are, if there are any. */
  readonly octets: string;
  readonly note: KeptNote;
}

/** What is taken meanwhile is passed over, and what is no note. Throws what the file system says. */
export function* waitingNotes(folder: string): Generator<WaitingNote> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(NOTE_SUFFIX)) continue;
    const note = readNote(folder, name)?.note;
    if (note === undefined) continue;
    const path = join(folder, name);
    yield { path, octets: path.slice(0, -NOTE_SUFFIX.length), note };
  }
}
