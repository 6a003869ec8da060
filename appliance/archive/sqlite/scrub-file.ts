/** Leaves nothing of what was deleted in the file of an archive, its index, and its log. */
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import { sqliteError } from './sqlite-error.ts';

/** Outside of transactions; throws ArchiveError. */
export function scrubFile(file: Database.Database, where: string): void {
  try {
    file.exec(`INSERT INTO record_text (record_text) VALUES ('optimize')`);
    // The copy that VACUUM makes is as large as the archive: not in memory.
    file.exec('PRAGMA temp_store = FILE');
    file.exec('VACUUM');
    file.exec('PRAGMA temp_store = MEMORY');
    emptyLog(file, where);
  } catch (error) {
    throw sqliteError(error, where);
  }
}

/** The log has old pages until nobody reads by it any more. */
function emptyLog(file: Database.Database, where: string): void {
  const [state] = file.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }?];
  if (state?.busy === 0) return;
  throw new ArchiveError(
    `${where}: somebody has been reading the archive all the time, and what was deleted is still in its log (${where}-wal)`,
    'Repeat it when nobody reads the archive.',
    true,
  );
}
