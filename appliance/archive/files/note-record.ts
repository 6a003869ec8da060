/** The record that a note in `incoming/` belongs to. */
import type { ArchiveDatabase } from '../contract.ts';
import { envelopeOf, type FileRecord } from './file-record.ts';
import type { KeptNote } from './kept-note.ts';

/** undefined: it did not come yet, or never will. */
export async function recordOfNote(
  database: ArchiveDatabase,
  { id, time }: KeptNote,
): Promise<FileRecord | undefined> {
  const rows = database.each<{ sequence: number; envelope: Uint8Array }>(
    `SELECT sequence, envelope FROM record
     WHERE time = ? AND kind = 'event' AND event IN ('file.complete', 'file.start')`,
    time,
  );
  for await (const { sequence, envelope } of rows) {
    const found = envelopeOf(envelope);
    if (found?.event?.id === id) return { sequence, envelope: found };
  }
  return undefined;
}
