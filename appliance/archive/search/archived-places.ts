/** Services that events of an archive have, and kinds of a service: by steps through an index, not by all that is in it. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';

/** More than there are; where a capture made some up, what needs them all is asked in another way. */
const MOST = 100;

/** undefined: there are too many. */
export function archivedServices(database: ArchiveDatabase): Promise<string[] | undefined> {
  return distinct(database, 'service', '', []);
}

/** undefined: there are too many. */
export async function archivedKinds(
  database: ArchiveDatabase,
  services: readonly string[],
): Promise<string[] | undefined> {
  const kinds = new Set<string>();
  for (const service of services) {
    const own = await distinct(database, 'event', 'service = ? AND', [service]);
    if (own === undefined) return undefined;
    for (const kind of own) kinds.add(kind);
  }
  return kinds.size > MOST ? undefined : [...kinds];
}

async function distinct(
  database: ArchiveDatabase,
  column: 'service' | 'event',
  where: string,
  values: readonly SqlValue[],
): Promise<string[] | undefined> {
  const from = `SELECT ${column} FROM record WHERE ${where} ${column}`;
  const rows = await database.rows<{ value: string }>(
    `WITH RECURSIVE step (value) AS (
       SELECT (${from} >= '' ORDER BY ${column} LIMIT 1)
       UNION ALL SELECT (${from} > step.value ORDER BY ${column} LIMIT 1)
         FROM step WHERE step.value IS NOT NULL
     ) SELECT value FROM step WHERE value IS NOT NULL LIMIT ${MOST + 1}`,
    ...values,
    ...values,
  );
  return rows.length > MOST ? undefined : rows.map(({ value }) => value);
}
