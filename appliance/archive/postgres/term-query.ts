/** A query of the index as a condition on `record.sequence`. */
import type { IndexQuery } from '../contract.ts';
import { lexemeQuery, PHRASE, termsIn } from './term-vectors.ts';

const NOTHING = { sql: '1 = 0', values: [] } as const;

export function termCondition({ phrases, prefixes }: IndexQuery): {
  readonly sql: string;
  readonly values: readonly string[];
} {
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
  const some = parts.map(() => 'SELECT sequence FROM record_text_long WHERE terms @@ ?::tsquery');
  return {
    sql: `record.sequence IN (SELECT sequence FROM record_text WHERE terms @@ ?::tsquery
      UNION ALL (${some.join(' INTERSECT ')}))`,
    values: [whole, ...parts],
  };
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
