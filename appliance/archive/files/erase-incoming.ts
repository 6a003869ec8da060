/**
 * Files of an erased person that wait in `incoming/` go with the rest. The gateway's writer may be about to take
 * one: what it takes after all is tied to a record, where the erasure finds it in its second round.
 */
import { rmSync } from 'node:fs';
import type { ArchiveDatabase, Envelope } from '../contract.ts';
import { recordOfNote } from './note-record.ts';
import { waitingNotes } from './waiting-notes.ts';

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
  for (const { path, octets, note } of waitingNotes(folder)) {
    const record = await recordOfNote(database, note);
    if (record === undefined) unknown += 1;
    else if (isTheirs(record.envelope)) {
      rmSync(path, { force: true }); // first: octets without their note are nobody's
      rmSync(octets, { force: true });
      erased += 1;
    }
  }
  return { erased, unknown };
}
