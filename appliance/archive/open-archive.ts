/** Opens an archive, or makes it: its database, its home folder, its identity. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { v4 as uuid } from 'uuid';
import { systemErrorText } from '../cli/user-error.ts';
import type { Archive, OpenOptions } from './archive.ts';
import { ArchiveError } from './archive-error.ts';
import type { ArchiveDatabase, Vault } from './contract.ts';
import { lastCheckpoint } from './evidence/checkpoints-file.ts';
import { NO_RECORD, putHead } from './record/head.ts';
import { putMeta, readMeta } from './record/meta.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { SqliteDatabase } from './sqlite/sqlite-database.ts';
import type { SpawnSqlite } from './sqlite/sqlite-thread.ts';
import { ThreadedDatabase } from './sqlite/threaded-database.ts';
import { type ArchiveTarget, homePaths } from './target.ts';
import { openVault } from './vault/open-vault.ts';

export interface OpenArchiveOptions extends OpenOptions {
  /** Its home may be that of the archive whose backup it is made from. */
  readonly restoring?: boolean;
  /** What seals and reads content; without it, what an archive opened without a key has. Closed with the archive. */
  readonly vault?: Vault;
  /** For who appends much: SQLite works in a thread that is made so (sqlite/). PostgreSQL needs none. */
  readonly thread?: SpawnSqlite;
}

/**
 * The archive at `target`. Without `create`, one that is not there is an error; with it, the archive and its
 * home folder (0700) are made.
 *
 * Throws ArchiveError: not there, no archive, of another version, damaged, not to be written to.
 */
export async function openArchive(
  target: ArchiveTarget,
  { create = false, readOnly = false, restoring, vault, thread }: OpenArchiveOptions = {},
): Promise<Archive> {
  const options = { create: create && !readOnly, readOnly };
  const mayBeNew = options.create && restoring !== true;
  // Before a file is made that would be in the way of its backup.
  if (mayBeNew && target.kind === 'sqlite' && !existsSync(target.path)) refuseOthersHome(target);
  const database = await openDatabase(target, options, thread);
  try {
    await checkVersion(database);
    if (!readOnly) {
      makeHome(target.home);
      await identify(database, mayBeNew ? target : undefined);
    }
    const opened = vault ?? openVault(target, undefined);
    return {
      ...{ target, database, vault: opened },
      async close() {
        opened.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openDatabase(
  target: ArchiveTarget,
  options: { readonly create: boolean; readonly readOnly: boolean },
  thread: SpawnSqlite | undefined,
): Promise<ArchiveDatabase> {
  if (target.kind === 'sqlite') {
    return thread === undefined
      ? new SqliteDatabase(target.path, options)
      : ThreadedDatabase.open(target.path, options, thread);
  }
  // Its client is loaded only where it is used.
  const { PostgresDatabase } = await import('./postgres/postgres-database.ts');
  return PostgresDatabase.open(target.url, target.shown, options);
}

async function checkVersion(database: ArchiveDatabase): Promise<void> {
  const version = await readMeta(database, 'schema');
  if (version === String(SCHEMA_VERSION)) return;
  throw new ArchiveError(
    `${database.where}: is an archive of version ${version ?? 'unknown'}, and this Sallyport reads version ${SCHEMA_VERSION}`,
    'Use the Sallyport that wrote it, or export it there.',
  );
}

/** Two that make the archive at the same time agree on one identity. */
async function identify(database: ArchiveDatabase, made: ArchiveTarget | undefined): Promise<void> {
  if ((await readMeta(database, 'archive')) !== undefined) return;
  if (made !== undefined) refuseOthersHome(made);
  await database.transaction(async (within) => {
    if ((await readMeta(within, 'archive')) !== undefined) return;
    await putMeta(within, 'archive', uuid());
    await putHead(within, NO_RECORD);
    await putMeta(within, 'made', new Date().toISOString());
  });
}

/**
 * A new archive in the home of one that is gone: it would be signed by nobody, since what the home signed is not
 * in it, and what was in the old one would seem never to have been.
 */
function refuseOthersHome(target: ArchiveTarget): void {
  const { folder, checkpoints } = homePaths(target);
  const last = lastCheckpoint(checkpoints);
  if (last === undefined) return;
  const where = target.kind === 'sqlite' ? target.path : target.shown;
  throw new ArchiveError(
    `${where}: would be new, and ${folder} is the home of another archive, signed last at ${last.at}`,
    'If that one was lost, restore its backup (sallyport archive restore); else move its home away, or name another with --archive-home (archive.home).',
  );
}

function makeHome(home: string): void {
  if (existsSync(home)) return;
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    // The mask of the process may have taken more than it should, never less.
    chmodSync(home, 0o700);
  } catch (error) {
    throw new ArchiveError(
      `${home}: the folder of the archive cannot be made: ${systemErrorText(error) ?? error}`,
      'Name another one with --archive-home.',
    );
  }
}
