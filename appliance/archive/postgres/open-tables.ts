/** The tables of the archive: looked for, or made, when it is opened. */
import type pg from 'pg';
import { ArchiveError } from '../archive-error.ts';
import { postgresSchema } from './postgres-schema.ts';

/** PostgreSQL 13: row triggers on partitioned tables, which tell what scrub has to rewrite. */
const OLDEST = 130_000;

/** Throws ArchiveError. */
export async function openTables(client: pg.ClientBase, where: string, create: boolean) {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version,
      current_setting('server_encoding') AS encoding`,
  );
  const [server] = rows;
  if (server === undefined || server.version < OLDEST) {
    throw new ArchiveError(`${where}: PostgreSQL is older than version 13`);
  }
  if (server.encoding !== 'UTF8') {
    throw new ArchiveError(
      `${where}: the database keeps text as ${server.encoding}, which has not every character`,
      'Make one with createdb --encoding UTF8 --template template0.',
    );
  }
  if (await isArchive(client, where)) return;
  if (!create) {
    throw new ArchiveError(
      `${where}: is not an archive of Sallyport`,
      'Name the database that --archive wrote to; its tables are made by what writes to it.',
    );
  }
  await make(client, where);
}

async function make(client: pg.ClientBase, where: string): Promise<void> {
  await client.query('BEGIN');
  try {
    // Of two that make the archive at the same time one finds it made. The number is any.
    await client.query('SELECT pg_advisory_xact_lock(7236400)');
    if (!(await isArchive(client, where))) {
      for (const statement of postgresSchema()) await client.query(statement);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function isArchive(client: pg.ClientBase, where: string): Promise<boolean> {
  // Not to_regclass: it may not see yet what somebody else has just made.
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = ANY (current_schemas(false)) AND relname IN ('meta', 'record')`,
  );
  const found = new Set(rows.map(({ name }) => name));
  if (found.size === 0) return false;
  if (found.size < 2) {
    throw new ArchiveError(
      `${where}: has tables of something else, called meta or record`,
      'Use a database of its own.',
    );
  }
  return true;
}
