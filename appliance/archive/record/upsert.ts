/** Rows that are new or change what is there, many with one statement: a journey to a server each is slow. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { post } from './post.ts';

/** Rows of one statement: few sizes, so that prepared statements are used again. */
const SIZES = [64, 8, 1] as const;

export interface Upsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** ON CONFLICT … */
  readonly conflict: string;
}

export async function upsert(
  database: ArchiveDatabase,
  { table, columns, conflict }: Upsert,
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const values = `(${columns.map(() => '?').join(', ')})`;
  let done = 0;
  for (const size of SIZES) {
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array(size).fill(values).join(', ')} ${conflict}`;
    for (; rows.length - done >= size; done += size) {
      await post(database, sql, ...rows.slice(done, done + size).flat());
    }
  }
}
