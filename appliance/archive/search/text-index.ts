/**
 * What the search index can say of a text query: sequences to propose, never more. Words that may go on (`falc*`) are dear
 * there, since all that begin so are brought together whatever the range is; without them it proposes more.
 */
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, IndexQuery, SequenceRange, Vault } from '../contract.ts';
import type { Sql } from './query-part.ts';
import type { Phrase, TextQuery } from './text-query.ts';

/** Words of a query that are counted to learn whether it is a rare one; long ones, which mostly are. */
const COUNTED = 6;

export interface TextIndex {
  /** Some word may go on. */
  readonly open: boolean;
  /** All of it holds for these, as the index has it. */
  sequences(range: SequenceRange): Sql;
  /** The same without what may go on; undefined: nothing is left. */
  readonly closed: ((range: SequenceRange) => Sql) | undefined;
  /** Whole words of it, each alone: it holds for no more records than one of them does. */
  readonly words: readonly ((range: SequenceRange) => Sql)[];
}

/** Throws ArchiveError: the index of a sealed archive does not know beginnings of words. */
export function textIndex(
  database: ArchiveDatabase,
  vault: Vault,
  { wanted }: TextQuery,
): TextIndex {
  const asked = (phrases: readonly Phrase[]) => {
    const queries = indexQueries(vault, phrases);
    return (range: SequenceRange) => matchingAny(database, queries, range);
  };
  const closed = wanted.flatMap(({ words, open }): Phrase[] => {
    const whole = open ? words.slice(0, -1) : words;
    return whole.length > 0 ? [{ words: whole, open: false }] : [];
  });
  const longest = [...new Set(closed.flatMap(({ words }) => words))].sort(
    (a, b) => b.length - a.length,
  );
  return {
    open: wanted.some(({ open }) => open),
    sequences: asked(wanted),
    closed: closed.length > 0 ? asked(closed) : undefined,
    words: longest.slice(0, COUNTED).map((word) => asked([{ words: [word], open: false }])),
  };
}

/**
 * One of them finds a record: what was archived before the archive encrypted stands in the index in plain words.
 * Throws ArchiveError.
 */
export function indexQueries(vault: Vault, phrases: readonly Phrase[]): readonly IndexQuery[] {
  const open = phrases.find((phrase) => phrase.open);
  if (open !== undefined && vault.index === 'blind') {
    throw new ArchiveError(
      `${open.words.join(' ')}*: the index of this archive has keyed digests of words, and finds only whole ones`,
      'Write the whole word.',
    );
  }
  const plain = {
    phrases: phrases.map(({ words }) => words),
    prefixes: new Set(phrases.flatMap((phrase, n) => (phrase.open ? [n] : []))),
  };
  if (vault.index !== 'blind') return [plain];
  return [{ phrases: phrases.map(({ words }) => vault.terms(words)) }, plain];
}

function matchingAny(
  database: ArchiveDatabase,
  queries: readonly IndexQuery[],
  range: SequenceRange,
): Sql {
  const answers = queries.map((query) => database.matching(query, range));
  return {
    sql: answers.map(({ select }) => select).join(' UNION ALL '),
    values: answers.flatMap(({ values }) => values),
  };
}
