/** The same erasure in a backup, where its file can be reached: it is an archive of its own. */
import { existsSync } from 'node:fs';
import { systemErrorText } from '../../cli/user-error.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { sweepFiles } from '../files/sweep-files.ts';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { homePaths, readTarget } from '../target.ts';
import type { BackupNote } from './backup-notes.ts';
import { archiveIdOf } from './copy-archive.ts';
import { eraseContent } from './erase-content.ts';
import type { ErasedBackup } from './erase-subject.ts';
import type { ErasedSubject } from './subjects.ts';

export async function eraseInBackup(
  { database, vault }: Archive,
  note: BackupNote,
  subject: ErasedSubject,
  why: string,
): Promise<ErasedBackup> {
  const { path } = note;
  if (!existsSync(path)) return { ...note, records: undefined, trouble: 'it is not there' };
  let copy: SqliteDatabase | undefined;
  try {
    copy = new SqliteDatabase(path, { create: false, readOnly: false });
    if ((await archiveIdOf(copy)) !== (await archiveIdOf(database))) {
      return { ...note, records: undefined, trouble: 'it is of another archive' };
    }
    const target = readTarget(path);
    const backup: Archive = { target, database: copy, vault, close: async () => {} };
    const { records } = await eraseContent(backup, subject, why, undefined, 'nothing');
    await sweepFiles(copy, homePaths(target).files);
    await copy.scrub();
    return { ...note, records, trouble: undefined };
  } catch (error) {
    const trouble =
      error instanceof ArchiveError ? error.message : (systemErrorText(error) ?? String(error));
    return { ...note, records: undefined, trouble };
  } finally {
    await copy?.close();
  }
}
