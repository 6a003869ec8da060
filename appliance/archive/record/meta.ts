/** Named texts about the archive itself: `archive` (its id), `schema`, `head`, `spool`, … */
import type { ArchiveDatabase } from '../contract.ts';
import { post } from './post.ts';

export async function readMeta(
  database: ArchiveDatabase,
  name: string,
): Promise<string | undefined> {
  const [row] = await database.rows<{ value: string }>(
    'SELECT value FROM meta WHERE name = ?',
    name,
  );
  return row?.value;
}

export async function putMeta(
  database: ArchiveDatabase,
  name: string,
  value: string,
): Promise<void> {
  await post(
    database,
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  );
}
