/**
 * The write-ahead log still has what was written once, in segments that are done with and kept to be used again.
 * All of them are written over: as many switches to the next segment as there are. That takes rights which the
 * owner of a database does not have of its own: pg_checkpoint, pg_monitor and pg_switch_wal(); without them the
 * server does the same in its own time.
 */
import type pg from 'pg';

/** insufficient_privilege, undefined_function: an older server. */
const MAY_NOT = new Set(['42501', '42883']);

/** Segments written over at most: 16 MiB each. */
const SEGMENTS = 1024;

export async function scrubLog(client: pg.ClientBase): Promise<void> {
  try {
    await nextSegment(client);
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'`,
    );
    const count = Math.min(SEGMENTS, (rows[0]?.count ?? 0) + 1);
    for (let n = 0; n < count; n += 1) await nextSegment(client);
    await client.query('CHECKPOINT');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
    if (typeof code !== 'string' || !MAY_NOT.has(code)) throw error;
  }
}

/** What is left of a segment is filled with zeros. */
async function nextSegment(client: pg.ClientBase): Promise<void> {
  // Something to be in the segment: an empty one is not left.
  await client.query(`SELECT pg_logical_emit_message(false, 'sallyport', '')`);
  await client.query('SELECT pg_switch_wal()');
}
