/**
 * After an erasure: rewrites what deleted rows may still stand in, and what the log of the server says of them.
 *
 * VACUUM FULL writes a table and its indexes anew, since a deleted row stays in its page, and its terms in the
 * index, until the space is wanted. It locks each table while it does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { ArchiveError } from '../archive-error.ts';
import { scrubLog } from './scrub-log.ts';

/** Beside the partitions that were touched: small ones, and the index. */
const TABLES = [
  ...['record_text', 'record_text_long', 'record_tag', 'party', 'conversation', 'participant'],
  ...['file', 'transfer', 'hold', 'erasure', 'tombstone', 'meta'],
];
/** Columns whose statistics quote what was said, or by whom. */
const QUOTED = [
  ...['record_text', 'record_text_long'].map((table) => [table, 'terms', 'TSVECTOR']),
  ...['address', 'person'].map((column) => ['party', column, 'TEXT COLLATE "C"']),
  ...['room', 'thread_key'].map((column) => ['conversation', column, 'TEXT COLLATE "C"']),
];
/** Milliseconds that scrubbing waits for others who still read what was deleted. */
const READERS = 60_000;
/** Milliseconds for which it stands in the way of all who come after it, waiting for a table to be free. */
const LOCK = 2000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Throws ArchiveError with `retry` where somebody (an export) still reads the state before the erasure. */
export async function scrubTables(client: pg.ClientBase, where: string): Promise<void> {
  const until = Date.now() + READERS;
  await client.query(`SET lock_timeout = ${LOCK}`);
  try {
    for (const name of await touched(client)) {
      await insist(where, name, until, () => vacuum(client, name));
      await client.query('DELETE FROM record_touched WHERE name = $1 AND scrubbing = 1', [name]);
    }
    // A column that is given the type it has loses its statistics; those of a table that is empty now would stay.
    for (const [table = '', column, type] of QUOTED) {
      await insist(where, table, until, async () => {
        await client.query(`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type}`);
        return true;
      });
    }
    for (const table of TABLES) await insist(where, table, until, () => vacuum(client, table));
  } finally {
    await client.query('RESET lock_timeout');
  }
  // Where they stood before. The owner of a database may do this; others are told by a warning.
  await client.query('VACUUM (FULL) pg_statistic');
  await scrubLog(client);
}

/** Partitions to be rewritten. What is touched from now on is for the next time. */
async function touched(client: pg.ClientBase): Promise<string[]> {
  await client.query(`WITH taken AS (DELETE FROM record_touched WHERE scrubbing = 0 RETURNING name)
    INSERT INTO record_touched (name, scrubbing) SELECT name, 1 FROM taken ON CONFLICT DO NOTHING`);
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM record_touched WHERE scrubbing = 1',
  );
  return rows.map(({ name }) => name);
}

/** Again and again, as long as somebody reads: `done` says whether that was all. */
async function insist(where: string, table: string, until: number, done: () => Promise<boolean>) {
  for (;;) {
    if (await done().catch(isLocked)) return;
    if (Date.now() > until) {
      throw new ArchiveError(
        `${where}: what was erased cannot be removed from ${table} while somebody reads the archive as it was before`,
        'Scrub again when exports and reports have ended.',
        true,
      );
    }
    await pause(500);
  }
}

/** False where it is in use; whoever comes then must not wait for it to be free. */
function isLocked(error: unknown): false {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (code === LOCK_NOT_AVAILABLE) return false;
  throw error;
}

/** False where deleted rows were kept for somebody who began to read before that. */
async function vacuum(client: pg.ClientBase, table: string): Promise<boolean> {
  let kept = 0;
  const listen = ({ detail }: { readonly detail: string | undefined }) => {
    // "3 dead row versions cannot be removed yet.": in the language of the server.
    const count = /^\D*(\d+)/.exec(detail ?? '');
    if (count !== null) kept = Number(count[1]);
  };
  client.on('notice', listen);
  try {
    await client.query(`VACUUM (FULL, ANALYZE, VERBOSE) "${table.replaceAll('"', '""')}"`);
  } finally {
    client.off('notice', listen);
  }
  return kept === 0;
}
