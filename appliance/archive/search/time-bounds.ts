/**
 * Which records can be of a time. Events come nearly in order of time, so that its ends bound what must be read; to be
 * sure of one, the index on times is read for all of that time (some 0.06 µs a record in SQLite): only where it is needed.
 */
import type { ArchiveDatabase, RecordQuery, SequenceRange } from '../contract.ts';

type Time = Pick<RecordQuery, 'from' | 'to'>;

/** `range`, as far as `end` is known better; undefined: nothing is of this time. */
export async function boundByTime(
  database: ArchiveDatabase,
  { from, to }: Time,
  range: SequenceRange,
  end: 'first' | 'last',
): Promise<SequenceRange | undefined> {
  const [beyond, time] = end === 'first' ? ['<', from] : ['>=', to];
  if (time === undefined) return range;
  // "+ 0": PostgreSQL would rather go through the records in their order.
  const bound = end === 'first' ? 'MIN(sequence + 0)' : 'MAX(sequence + 0)';
  const [outside] = await database.rows(
    `SELECT 1 AS one FROM record WHERE time ${beyond} ? LIMIT 1`,
    time,
  );
  if (outside === undefined) return range;
  const given = [
    { sql: 'time >= ?', value: from },
    { sql: 'time < ?', value: to },
  ].flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
  const [row] = await database.rows<{ bound: number | null }>(
    `SELECT ${bound} AS bound FROM record WHERE ${given.map(({ sql }) => sql).join(' AND ')}`,
    ...given.map(({ value }) => value),
  );
  if (row?.bound == null) return undefined;
  const bounded =
    end === 'first'
      ? { first: Math.max(range.first, row.bound), last: range.last }
      : { first: range.first, last: Math.min(range.last, row.bound) };
  return bounded.first <= bounded.last ? bounded : undefined;
}
