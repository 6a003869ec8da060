/** An archive from a backup, into a place where there is none: an SQLite file, or an empty PostgreSQL database. */
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AlreadyThere } from '../already-there.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { Vault } from '../contract.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import { openArchive } from '../open-archive.ts';
import { Appender } from '../record/appender.ts';
import { readHead } from '../record/head.ts';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { type ArchiveTarget, homePaths, readTarget } from '../target.ts';
import { copyFile, copyFiles } from './backup-archive.ts';
import { copyTables, lacksIndex, makeIndex } from './copy-archive.ts';

export interface RestoreReport {
  /** The last record of the backup. */
  readonly upTo: number;
  /** Records whose text was indexed anew; undefined: the index came with the backup. */
  readonly indexed: number | undefined;
}

/** Rejects with ArchiveError: no backup, something is there, or its index cannot be made without the key. */
export async function restoreArchive(
  file: string,
  target: ArchiveTarget,
  vault: Vault,
  why?: string,
): Promise<RestoreReport> {
  const path = resolve(file);
  const source = new SqliteDatabase(path, { create: false, readOnly: true });
  try {
    const { sequence } = await readHead(source);
    const fresh = (await lacksIndex(source)) || target.kind === 'postgres';
    if (fresh && vault.locked) {
      throw new ArchiveError(
        `${path}: its search index has to be made anew, and its text is encrypted`,
        'Name the configuration that has its key with --config.',
      );
    }
    if (target.kind === 'sqlite') restoreFile(path, target.path);
    const archive = await openArchive(target, { create: true, restoring: true, vault });
    try {
      if (target.kind === 'postgres') await fill(archive, source);
      copyFiles(homePaths(readTarget(path)).files, homePaths(target).files);
      const indexed = fresh ? await makeIndex(archive.database, vault) : undefined;
      const details = { from: path, upTo: sequence };
      await new Appender(archive).append([auditDraft('restore', details, why)]);
      return { upTo: sequence, indexed };
    } finally {
      await archive.database.close();
    }
  } finally {
    await source.close();
  }
}

function restoreFile(from: string, into: string): void {
  if (existsSync(into)) {
    throw new AlreadyThere(
      `${into}: is there already, and a restore overwrites nothing`,
      'Move it away, or name another file with --archive.',
    );
  }
  if (!existsSync(dirname(into))) {
    throw new ArchiveError(
      `${into}: cannot be restored: its folder is not there`,
      `Make it first: ${dirname(into)}`,
    );
  }
  const partial = `${into}.partial`;
  rmSync(partial, { force: true });
  copyFile(from, partial);
  chmodSync(partial, 0o600);
  giveToOwner(partial);
  renameSync(partial, into);
}

async function fill({ database }: Archive, source: SqliteDatabase): Promise<void> {
  const { sequence } = await readHead(database);
  if (sequence > 0) {
    throw new AlreadyThere(
      `${database.where}: has records already, and a restore overwrites nothing`,
      'Name an empty database.',
    );
  }
  await database.transaction((within) => copyTables(source, within));
}
