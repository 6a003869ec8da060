/**
 * The file beneath the tables: SQLite reads all pages, and compares each index with its table. What only a search
 * reads, an index, may be damaged while all records are whole: then something is not found, and nobody notices.
 *
 * It takes a tenth of the time of verifying. PostgreSQL looks after its own pages (pg_amcheck).
 */
import { ArchiveError } from '../../archive-error.ts';
import type { ArchiveDatabase } from '../../contract.ts';
import type { Findings } from './findings.ts';

/** Faults that SQLite looks for in a table: the first one says where to begin, and a damaged file has thousands. */
const MOST = 10;

/**
 * Rejects with ArchiveError where the file is so damaged that nothing can be said of it.
 *
 * Table by table, the tables of the search index as well, which leaves out FTS5's own look at that index: it calls
 * some sound ones corrupt from which everything was purged. "--index" is for what is in it.
 */
export async function checkStorage(database: ArchiveDatabase, findings: Findings): Promise<void> {
  if (database.kind !== 'sqlite') return;
  const tables = await database.rows<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name",
  );
  for (const { name } of tables) await checkTable(database, name, findings);
}

async function checkTable(
  database: ArchiveDatabase,
  table: string,
  findings: Findings,
): Promise<void> {
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const faults = database.each<{ integrity_check: string }>(`PRAGMA integrity_check(${quoted})`);
  let found = 0;
  try {
    for await (const { integrity_check: fault } of faults) {
      if (fault === 'ok') continue;
      found += 1;
      const text = `table ${table} is damaged: ${fault.split('\n').join(' ')}`;
      findings.add('changed', undefined, 'file', text);
      if (found === MOST) return;
    }
  } catch (error) {
    // It gives up at a page that it cannot read, having told of it.
    if (found === 0 || !(error instanceof ArchiveError)) throw error;
  }
}
