/**
 * Files of an erased person that wait in `incoming/` go with the rest. The gateway's writer may be about to take
 * one: what it takes after all is tied to a record, where the erasure finds it in its second round.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../cli/user-error.ts';
import type { ArchiveDatabase, Envelope } from '../contract.ts';
import { NOTE_SUFFIX, parseNote } from './kept-note.ts';
import { recordOfNote } from './note-record.ts';

export interface ErasedIncoming {
  /** Files, or notes of some, that went. */
  readonly erased: number;
  /** Notes whose record is not there yet: nobody can tell whose they are. */
  readonly unknown: number;
}

export async function eraseIncoming(
  database: ArchiveDatabase,
  folder: string,
  isTheirs: (envelope: Envelope) => boolean,
): Promise<ErasedIncoming> {
  let [erased, unknown] = [0, 0];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const note = parseNote(textOf(path));
    if (note === undefined) continue;
    const record = await recordOfNote(database, note);
    if (record === undefined) unknown += 1;
    else if (isTheirs(record.envelope)) {
      rmSync(path, { force: true }); // first: octets without their note are nobody's
      rmSync(path.slice(0, -NOTE_SUFFIX.length), { force: true });
      erased += 1;
    }
  }
  return { erased, unknown };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(NOTE_SUFFIX));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Empty: the archive has taken it meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
