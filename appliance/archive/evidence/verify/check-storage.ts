/**
 * The file beneath the tables: SQLite reads all pages, and compares each index with its table. What only a search
 * reads, an index, may be damaged while all records are whole: then something is not found, and nobody notices.
 *
 * It takes a tenth of the time of verifying. PostgreSQL looks after its own pages (pg_amcheck).
 */
import { ArchiveError } from '../../archive-error.ts';
import type { ArchiveDatabase } from '../../contract.ts';
import type { Findings } from './findings.ts';

/** Faults that SQLite looks for: the first one says where to begin, and a damaged file has thousands. */
const MOST = 10;

/** Rejects with ArchiveError where the file is so damaged that nothing can be said of it. */
export async function checkStorage(database: ArchiveDatabase, findings: Findings): Promise<void> {
  if (database.kind !== 'sqlite') return;
  const faults = database.each<{ integrity_check: string }>(`PRAGMA integrity_check(${MOST})`);
  let found = 0;
  try {
    for await (const { integrity_check: fault } of faults) {
      if (fault === 'ok') continue;
      found += 1;
      findings.add('changed', undefined, 'file', `it is damaged: ${fault.split('\n').join(' ')}`);
    }
  } catch (error) {
    // It gives up at a page that it cannot read, having told of it.
    if (found === 0 || !(error instanceof ArchiveError)) throw error;
  }
}
