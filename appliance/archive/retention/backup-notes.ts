/** Where backups were put, in `meta`: an erasure has to go there too. */
import type { ArchiveDatabase } from '../contract.ts';
import { putMeta } from '../record/meta.ts';

const PREFIX = 'backup:';

export interface BackupNote {
  /** Absolute, as on the machine that made it. */
  readonly path: string;
  readonly host: string;
  /** RFC 3339. */
  readonly at: string;
  /** The last record in it. */
  readonly upTo: number;
}

export async function noteBackup(database: ArchiveDatabase, note: BackupNote): Promise<void> {
  await putMeta(database, `${PREFIX}${note.path}`, JSON.stringify(note));
}

export async function forgetBackup(database: ArchiveDatabase, path: string): Promise<void> {
  await database.run('DELETE FROM meta WHERE name = ?', `${PREFIX}${path}`);
}

/** In the order in which they were made. */
export async function readBackups(database: ArchiveDatabase): Promise<BackupNote[]> {
  const rows = await database.rows<{ value: string }>(
    'SELECT value FROM meta WHERE name >= ? AND name < ?',
    PREFIX,
    'backup;',
  );
  return rows
    .map(({ value }) => JSON.parse(value) as BackupNote)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
