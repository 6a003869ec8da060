/** Notes in `incoming/`, of files that the archive has not taken yet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../cli/user-error.ts';
import { type KeptNote, NOTE_SUFFIX, parseNote } from './kept-note.ts';

export interface WaitingNote {
  readonly path: string;
  /** Where its octets are, if there are any. */
  readonly octets: string;
  readonly note: KeptNote;
}

/** What is taken meanwhile is passed over, and what is no note. Throws what the file system says. */
export function* waitingNotes(folder: string): Generator<WaitingNote> {
  for (const name of unlessGone(() => readdirSync(folder)) ?? []) {
    if (!name.endsWith(NOTE_SUFFIX)) continue;
    const path = join(folder, name);
    const note = parseNote(unlessGone(() => readFileSync(path, 'utf8')) ?? '');
    if (note === undefined) continue;
    yield { path, octets: path.slice(0, -NOTE_SUFFIX.length), note };
  }
}

function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
