/** A query of the index as a condition on `record.sequence`. */
import type { IndexAnswer, IndexQuery, SequenceRange, SqlValue } from '../contract.ts';
import { lexemeQuery, PHRASE, termsIn } from './term-vectors.ts';

const NOTHING: IndexAnswer = {
  sql: '1 = 0',
  select: 'SELECT sequence FROM record_text WHERE 1 = 0',
  values: [],
};

export function termCondition(
  { phrases, prefixes }: IndexQuery,
  range?: SequenceRange,
): IndexAnswer {
  const wanted = phrases.map((terms, n) =>
    termsIn(terms.join(' ')).map((term, at, all) =>
      lexemeQuery(term, prefixes?.has(n) === true && at === all.length - 1),
    ),
  );
  // As FTS5: a phrase without terms is found nowhere.
  if (wanted.length === 0 || wanted.some((phrase) => phrase.length === 0)) return NOTHING;

  const whole = wanted.map(inOrder).join(' & ');
  // A record of several vectors may have one phrase in this and one in that.
  const parts = wanted.flatMap(windows).map(inOrder);
  const within = range === undefined ? '' : 'AND sequence BETWEEN ? AND ?';
  const bounds: SqlValue[] = range === undefined ? [] : [range.first, range.last];
  const of = range?.of;
  const short =
    of === undefined
      ? `SELECT sequence FROM record_text WHERE ${proposed(range)} ${within}`
      : eachOf(of.sql, within);
  const select = `${short}
      UNION ALL
      SELECT sequence FROM unnest(?::tsquery[]) WITH ORDINALITY AS part (query, number)
        JOIN record_text_long ON terms @@ part.query ${within}
        GROUP BY sequence HAVING COUNT(DISTINCT part.number) = ?`;
  return {
    sql: `record.sequence IN (${select})`,
    select,
    // No term has a quotation mark or a backslash: term-vectors.ts.
    values: [
      ...(of?.values ?? []),
      ...[whole, ...bounds],
      ...[`{${parts.map((part) => `"${part}"`).join(',')}}`, ...bounds, parts.length],
    ],
  };
}

/** OFFSET: each is looked up by its number, and the words of no other record are read. */
function eachOf(select: string, within: string): string {
  return `SELECT found.sequence FROM (${select}) AS those CROSS JOIN LATERAL (
    SELECT sequence FROM record_text
      WHERE record_text.sequence = those.sequence AND (terms @@ ?::tsquery) IS TRUE ${within} OFFSET 0) AS found`;
}

/** GIN answers for all of the archive at once; IS TRUE keeps it from being asked. */
function proposed(range: SequenceRange | undefined): string {
  if (range?.only !== undefined) {
    return `sequence IN (${range.only.join(', ')}) AND (terms @@ ?::tsquery) IS TRUE`;
  }
  return range?.byRow === true ? '(terms @@ ?::tsquery) IS TRUE' : 'terms @@ ?::tsquery';
}

function inOrder(terms: readonly string[]): string {
  return `(${terms.join(' <-> ')})`;
}

/** Of a phrase longer than neighbouring vectors share: its stretches, each of which one vector has whole. */
function windows(terms: readonly string[]): (readonly string[])[] {
  if (terms.length <= PHRASE) return [terms];
  const stretches: (readonly string[])[] = [];
  for (let from = 0; from < terms.length; from += PHRASE / 2) {
    stretches.push(terms.slice(from, from + PHRASE));
    if (from + PHRASE >= terms.length) break;
  }
  return stretches;
}
