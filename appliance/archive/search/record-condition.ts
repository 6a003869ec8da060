/** A RecordQuery as one condition on `record`: for export, holds, purges and reports. */
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, RecordQuery, SequenceRange, Vault } from '../contract.ts';
import type { Sql } from './query-part.ts';
import { queryParts } from './query-parts.ts';
import { indexQueries } from './text-index.ts';

/** Every record there can be. */
export const EVERYTHING: SequenceRange = { first: 1, last: Number.MAX_SAFE_INTEGER };

/**
 * `range` says no more than that only records within it are asked for: the condition is then answered sooner.
 * Text is what the index has: a record whose content is gone is not found by it.
 *
 * Throws UserError (the text) and ArchiveError (there is no index).
 */
export async function recordCondition(
  database: ArchiveDatabase,
  vault: Vault,
  query: RecordQuery,
  range: SequenceRange = EVERYTHING,
): Promise<Sql> {
  const { parts, text, index } = await queryParts(database, vault, query);
  if (text !== undefined && index === undefined) {
    throw new ArchiveError(
      'this archive has no search index, so that records cannot be selected by text here',
      'Select by person, service, time, tag or conversation. "archive search" reads the contents instead.',
    );
  }
  const all = parts.map((part): Sql => {
    // By index where its answer is a set of sequences that the row alone does not show.
    const answer = part.name === 'text' ? part.sequences?.(range) : undefined;
    if (answer === undefined) return part.row ?? { sql: '1 = 1', values: [] };
    return { sql: `record.sequence IN (${answer.sql})`, values: answer.values };
  });
  for (const phrase of text?.unwanted ?? []) {
    for (const unwanted of indexQueries(vault, [phrase])) {
      const { sql, values } = database.matching(unwanted, range);
      all.push({ sql: `NOT (${sql})`, values });
    }
  }
  if (all.length === 0) return { sql: '1 = 1', values: [] };
  return {
    sql: all.map(({ sql }) => `(${sql})`).join(' AND '),
    values: all.flatMap(({ values }) => values),
  };
}
