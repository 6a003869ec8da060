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

/** As findings call it. */
const SEARCHED = 'the search index';
/**
 * FTS5's own look at the search index. What it knows of the index stays with the connection, and only a question
 * notices that another connection wrote to it: without one, it calls a sound index corrupt (SQLite 3.53).
 */
const SEARCH_INDEX = `SELECT faults.integrity_check
  FROM (SELECT COUNT(*) AS hits FROM record_text WHERE record_text MATCH 'a') AS asked,
    pragma_integrity_check('record_text') AS faults`;

/**
 * Rejects with ArchiveError where the file is so damaged that nothing can be said of it. Table by table, so that a
 * signal is heard between them; that all words of the records are in the search index is seen by "--index" alone.
 */
export async function checkStorage(database: ArchiveDatabase, findings: Findings): Promise<void> {
  if (database.kind !== 'sqlite') return;
  const tables = await database.rows<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name",
  );
  for (const { name } of tables) {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await check(database, `table ${name}`, `PRAGMA integrity_check(${quoted})`, findings);
  }
  try {
    await check(database, SEARCHED, SEARCH_INDEX, findings);
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.retry) throw error;
    // Not even the question was answered; the records may be whole.
    findings.add('changed', undefined, 'file', `${SEARCHED} is damaged: ${error.message}`);
  }
}

async function check(
  database: ArchiveDatabase,
  what: string,
  sql: string,
  findings: Findings,
): Promise<void> {
  const faults = database.each<{ integrity_check: string }>(sql);
  let found = 0;
  try {
    for await (const { integrity_check: fault } of faults) {
      if (fault === 'ok') continue;
      found += 1;
      const text = `${what} is damaged: ${fault.split('\n').join(' ')}`;
      findings.add('changed', undefined, 'file', text);
      if (found === MOST) return;
    }
  } catch (error) {
    // It gives up at a page that it cannot read, having told of it.
    if (found === 0 || !(error instanceof ArchiveError)) throw error;
  }
}
