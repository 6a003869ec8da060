/**
 * A copy of an archive while it is written to: one SQLite file, whatever database it comes from, beside it kept
 * files (FILE.d/files). It is an archive itself: `verify` and `search` open it. The keys are never in it.
 */
import { chmodSync, cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { systemErrorText } from '../../cli/user-error.ts';
import { AlreadyThere } from '../already-there.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { Appender } from '../record/appender.ts';
import { readHead } from '../record/head.ts';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { homePaths, readTarget } from '../target.ts';
import { type BackupNote, forgetBackup, noteBackup } from './backup-notes.ts';
import { copyTables } from './copy-archive.ts';

export interface BackupReport extends BackupNote {
  /** Octets of the database file. */
  readonly octets: number;
}

/** Rejects with ArchiveError: it is there already, cannot be written, or cannot be recorded. */
export async function backupArchive(
  archive: Archive,
  file: string,
  why?: string,
): Promise<BackupReport> {
  const path = resolve(file);
  if (existsSync(path)) throw new AlreadyThere(`${path}: is there already`, 'Name another file.');
  const { database, target } = archive;
  const at = new Date().toISOString();
  let note: BackupNote = { path, host: hostname(), at, upTo: 0 };
  // Known before it is there: a copy that nobody knows of is never erased in.
  await database.transaction(async (within) => {
    await new Appender(archive).within(within, [auditDraft('backup', { path }, why)]);
    note = { ...note, upTo: (await readHead(within)).sequence };
    await noteBackup(within, note);
  });
  const partial = `${path}.partial`;
  try {
    rmSync(partial, { force: true });
    if (target.kind === 'sqlite') copyFile(target.path, partial);
    else await copyDatabase(archive, partial);
    chmodSync(partial, 0o600);
    copyFiles(homePaths(target).files, homePaths(readTarget(path)).files);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    await forgetBackup(database, path).catch(() => undefined);
    throw backupError(path, error);
  }
  return { ...note, octets: statSync(path).size };
}

/** One state of it, without what was deleted: pages that are free are not copied. */
export function copyFile(from: string, into: string): void {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout: 30_000 });
  try {
    source.prepare('VACUUM INTO ?').run(into);
  } finally {
    source.close();
  }
}

/** Writers wait meanwhile: what comes stays in the spool. */
async function copyDatabase({ database }: Archive, into: string): Promise<void> {
  const copy = new SqliteDatabase(into, { create: true, readOnly: false });
  try {
    await database.transaction((from) => copy.transaction((within) => copyTables(from, within)));
  } finally {
    await copy.close();
  }
}

export function copyFiles(from: string, into: string): void {
  if (!existsSync(from)) return;
  cpSync(from, into, { recursive: true, force: false, preserveTimestamps: true });
}

function backupError(path: string, error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const cause = systemErrorText(error) ?? (error instanceof Error ? error.message : String(error));
  return new ArchiveError(`${path}: the backup cannot be made: ${cause}`);
}
