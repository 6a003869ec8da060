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
/** Milliseconds that scrubbing waits for others who still read what was deleted. */
const READERS = 60_000;

/** Throws ArchiveError with `retry` where somebody (an export) still reads the state before the erasure. */
export async function scrubTables(client: pg.ClientBase, where: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM record_touched');
  const until = Date.now() + READERS;
  for (const { name } of rows) {
    await rewrite(client, name, where, until);
    await client.query('DELETE FROM record_touched WHERE name = $1', [name]);
  }
  for (const table of TABLES) await rewrite(client, table, where, until);
  await scrubLog(client);
}

async function rewrite(client: pg.ClientBase, table: string, where: string, until: number) {
  for (;;) {
    if ((await vacuum(client, table)) === 0) return;
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

/** Rows that were deleted, and kept for somebody who began to read before that. */
async function vacuum(client: pg.ClientBase, table: string): Promise<number> {
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
  return kept;
}
