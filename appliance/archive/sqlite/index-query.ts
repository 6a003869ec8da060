/** What the search index in SQLite (FTS5) is asked, and how it is changed. */
import type { IndexAnswer, IndexQuery, SequenceRange } from '../contract.ts';

export const PUT_INTO_INDEX = 'INSERT INTO record_text (rowid, terms) VALUES (?, ?)';
export const TAKE_FROM_INDEX = 'DELETE FROM record_text WHERE rowid = ?';

const NOTHING = 'SELECT rowid AS sequence FROM record_text WHERE 1 = 0';

/** https://sqlite.org/fts5.html#full_text_query_syntax */
export function indexAnswer(
  { phrases, prefixes }: IndexQuery,
  range: SequenceRange | undefined,
): IndexAnswer {
  // FTS5 takes no query without phrases.
  if (phrases.length === 0) return { sql: '1 = 0', select: NOTHING, values: [] };
  const query = phrases
    .map((terms, n) => `"${terms.join(' ').replaceAll('"', '')}"${prefixes?.has(n) ? ' *' : ''}`)
    .join(' AND ');
  const within = range === undefined ? '' : ' AND rowid BETWEEN ? AND ?';
  const select = `SELECT rowid AS sequence FROM record_text WHERE record_text MATCH ?${within}`;
  return {
    sql: `record.sequence IN (${select})`,
    select,
    values: range === undefined ? [query] : [query, range.first, range.last],
  };
}
