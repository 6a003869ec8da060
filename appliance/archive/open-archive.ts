/** Opens an archive, or makes it: its database, its home folder, its identity. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { v4 as uuid } from 'uuid';
import { systemErrorText } from '../cli/user-error.ts';
import type { Archive, OpenOptions } from './archive.ts';
import { ArchiveError } from './archive-error.ts';
import type { ArchiveDatabase, Vault } from './contract.ts';
import { NO_RECORD, putHead } from './record/head.ts';
import { putMeta, readMeta } from './record/meta.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { SqliteDatabase } from './sqlite/sqlite-database.ts';
import type { SpawnSqlite } from './sqlite/sqlite-thread.ts';
import { ThreadedDatabase } from './sqlite/threaded-database.ts';
import type { ArchiveTarget } from './target.ts';
import { openVault } from './vault/open-vault.ts';

export interface OpenArchiveOptions extends OpenOptions {
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
  { create = false, readOnly = false, vault, thread }: OpenArchiveOptions = {},
): Promise<Archive> {
  const options = { create: create && !readOnly, readOnly };
  const database = await openDatabase(target, options, thread);
  try {
    await checkVersion(database);
    if (!readOnly) {
      makeHome(target.home);
      await identify(database);
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
async function identify(database: ArchiveDatabase): Promise<void> {
  if ((await readMeta(database, 'archive')) !== undefined) return;
  await database.transaction(async (within) => {
    if ((await readMeta(within, 'archive')) !== undefined) return;
    await putMeta(within, 'archive', uuid());
    await putHead(within, NO_RECORD);
    await putMeta(within, 'made', new Date().toISOString());
  });
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
