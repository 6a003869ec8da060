/** What is rare in a query, looked up to its end: sequences that can be hits. */
import type { ArchiveDatabase, SequenceRange } from '../contract.ts';
import type { QueryPart, Sql } from './query-part.ts';
import type { SearchSizes } from './search-sizes.ts';
import type { TextIndex } from './text-index.ts';

export interface Narrowed {
  /** In no order, each once; undefined: all that is asked for is common. */
  readonly sequences: ReadonlySet<number> | undefined;
  /** Parts that were looked up, and need not be asked again. */
  readonly settled: ReadonlySet<QueryPart>;
}

/** Of parts other than text. */
export async function rareSequences(
  database: ArchiveDatabase,
  parts: readonly QueryPart[],
  range: SequenceRange,
  { common, few }: SearchSizes,
): Promise<Narrowed> {
  let sequences: ReadonlySet<number> | undefined;
  const settled = new Set<QueryPart>();
  for (const part of parts) {
    if (sequences !== undefined && sequences.size <= few) break;
    if (part.wide === true && parts.some(({ name }) => name === 'from')) continue;
    const asked = part.sequences?.(range);
    const found = asked && (await lookUp(database, asked, common));
    if (found === undefined) continue;
    const before = sequences;
    sequences = before === undefined ? found : new Set([...before].filter((one) => found.has(one)));
    settled.add(part);
  }
  return { sequences, settled };
}

/** Those that the search index has for all of the text, but for what may go on; undefined: it is common. */
export async function rareText(
  database: ArchiveDatabase,
  index: TextIndex,
  range: SequenceRange,
  { common }: SearchSizes,
): Promise<ReadonlySet<number> | undefined> {
  if (index.closed === undefined) return undefined;
  if (database.kind === 'sqlite') {
    // Counting a word ends early, finding that a phrase of common words is rare does not.
    let least = Number.POSITIVE_INFINITY;
    for (const word of index.words) {
      least = Math.min(least, await count(database, word(range), common));
      if (least === 0) return new Set();
    }
    if (least >= common) return undefined;
  }
  return lookUp(database, index.closed(range), common);
}

/** undefined: there are `common` of them, or more. */
export async function lookUp(
  database: ArchiveDatabase,
  { sql, values }: Sql,
  common: number,
): Promise<ReadonlySet<number> | undefined> {
  const rows = await database.rows<{ sequence: number }>(
    `SELECT sequence FROM (${sql}) AS those LIMIT ${common}`,
    ...values,
  );
  return rows.length < common ? new Set(rows.map(({ sequence }) => sequence)) : undefined;
}

/** How many there are, up to `most`. */
export async function count(
  database: ArchiveDatabase,
  { sql, values }: Sql,
  most: number,
): Promise<number> {
  const [row] = await database.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM (${sql}) AS those LIMIT ${most}) AS counted`,
    ...values,
  );
  return row?.n ?? 0;
}
