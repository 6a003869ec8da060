/** A statement whose count nobody asks for: where the database works elsewhere, it is not waited for. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';

/** Within a transaction. What fails later rejects what follows, at the latest the transaction. */
export async function post(
  database: ArchiveDatabase,
  sql: string,
  ...values: SqlValue[]
): Promise<void> {
  if (database.post !== undefined) await database.post(sql, ...values);
  else await database.run(sql, ...values);
}
