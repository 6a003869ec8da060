/** Indexes differ with the version that made an archive: the first one of `names` that it has. */
import type { ArchiveDatabase } from '../contract.ts';

export async function existingIndex(
  database: ArchiveDatabase,
  names: readonly string[],
): Promise<string | undefined> {
  const among = `IN (${names.map(() => '?').join(', ')})`;
  const rows = await database.rows<{ name: string }>(
    database.kind === 'sqlite'
      ? `SELECT name FROM sqlite_master WHERE type = 'index' AND name ${among}`
      : `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE nspname = ANY (current_schemas(false)) AND relname ${among}`,
    ...names,
  );
  return names.find((index) => rows.some(({ name }) => name === index));
}
