/**
 * Records that a query holds for, newest first: last archived, first shown.
 *
 * The part of the query that holds for fewest records drives; where each holds for many, the archive is read
 * backwards in stretches that grow, so that a page of a common word costs as little as one of a rare word.
 * Content is opened and read again: an index that was tampered with cannot make a hit up.
 */
import type { Archive } from '../archive.ts';
import type { RecordQuery, SequenceRange, SqlValue } from '../contract.ts';
import { readHead } from '../record/head.ts';
import { findPhrases, type MarkedText } from './find-phrases.ts';
import { type OpenedRecord, openRecord, type RecordRow, ROW_COLUMNS } from './open-record.ts';
import { type QueryPart, queryParts, type Sql } from './query-parts.ts';

/** Records that a part is counted to; beyond, it is common. */
const COMMON = 10_000;
/** Records of the first stretch, and how much longer each is than the one before. */
const STRETCH = 4096;
const GROWTH = 4;

export interface SearchOptions {
  /** Only records before (newest first) or after (oldest first) this sequence. */
  readonly beyond?: number;
  readonly oldestFirst?: boolean;
  /** Repeats are left out unless asked for: the other leg of a delivery says nothing new. */
  readonly repeats?: boolean;
  /** Hits that will be taken; what comes after them need not be looked for. */
  readonly limit?: number;
}

export interface Hit {
  readonly record: OpenedRecord;
  /** Where the words stand; empty where no text was asked for. */
  readonly texts: readonly MarkedText[];
}

/** Throws UserError, ArchiveError. */
export async function* searchRecords(
  archive: Archive,
  query: RecordQuery,
  options: SearchOptions = {},
): AsyncGenerator<Hit> {
  const { database, vault } = archive;
  const { parts, text } = await queryParts(database, vault, query);
  const range = await rangeOf(archive, parts, options);
  const driver = range && (await rarest(archive, parts, range));
  if (range === undefined) return;
  for (const stretch of driver?.rare ? [range] : stretches(range, options.oldestFirst === true)) {
    const { sql, values } = statement(parts, driver, stretch, options);
    for await (const row of database.each<RecordRow>(sql, ...values)) {
      const record = openRecord(row, vault);
      if (text === undefined) yield { record, texts: [] };
      else if (record.content !== undefined) {
        const texts = findPhrases(record.content, text);
        if (texts !== undefined) yield { record, texts };
      }
    }
  }
}

/** The records in question; undefined: none. */
async function rangeOf(
  { database }: Archive,
  parts: readonly QueryPart[],
  { beyond, oldestFirst }: SearchOptions,
): Promise<SequenceRange | undefined> {
  const { sequence } = await readHead(database);
  let first = oldestFirst === true && beyond !== undefined ? beyond + 1 : 1;
  let last =
    oldestFirst !== true && beyond !== undefined ? Math.min(sequence, beyond - 1) : sequence;
  const time = parts.find(({ name }) => name === 'from')?.row;
  if (time !== undefined) {
    // Events come nearly in order of time: its ends bound what must be read.
    const [ends] = await database.rows<{ first: number | null; last: number | null }>(
      `SELECT MIN(record.sequence) AS first, MAX(record.sequence) AS last FROM record WHERE ${time.sql}`,
      ...time.values,
    );
    if (ends?.first == null || ends.last == null) return undefined;
    first = Math.max(first, ends.first);
    last = Math.min(last, ends.last);
  }
  return first <= last ? { first, last } : undefined;
}

interface Driver {
  readonly part: QueryPart;
  readonly rare: boolean;
}

async function rarest(
  { database }: Archive,
  parts: readonly QueryPart[],
  range: SequenceRange,
): Promise<Driver | undefined> {
  let driver: Driver | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const answer = part.sequences?.(range);
    if (answer === undefined) continue;
    const [counted] = await database.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM (${answer.sql}) AS those LIMIT ${COMMON}) AS counted`,
      ...answer.values,
    );
    const n = counted?.n ?? 0;
    if (n < least) {
      least = n;
      driver = { part, rare: n < COMMON };
    }
    if (n === 0) break;
  }
  return driver;
}

function statement(
  parts: readonly QueryPart[],
  driver: Driver | undefined,
  stretch: SequenceRange,
  { oldestFirst, repeats }: SearchOptions,
): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const conditions: Sql[] = [
    { sql: 'record.sequence BETWEEN ? AND ?', values: [stretch.first, stretch.last] },
    { sql: "record.kind = 'event'", values: [] },
  ];
  if (repeats !== true) conditions.push({ sql: 'record.repeat = 0', values: [] });
  for (const part of parts) {
    if (part === driver?.part || (part.row === undefined && driver?.rare !== true)) {
      const answer = part.sequences?.(stretch);
      if (answer === undefined) continue;
      conditions.push({ sql: `record.sequence IN (${answer.sql})`, values: answer.values });
    } else if (part.row !== undefined) conditions.push(part.row);
  }
  return {
    sql: `SELECT ${ROW_COLUMNS} FROM record WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
      ORDER BY record.sequence ${oldestFirst === true ? 'ASC' : 'DESC'}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

function* stretches(
  { first, last }: SequenceRange,
  oldestFirst: boolean,
): Generator<SequenceRange> {
  let length = STRETCH;
  if (oldestFirst) {
    for (let from = first; from <= last; from += length, length *= GROWTH) {
      yield { first: from, last: Math.min(last, from + length - 1) };
    }
    return;
  }
  let to = last;
  while (to >= first) {
    yield { first: Math.max(first, to - length + 1), last: to };
    to -= length;
    length *= GROWTH;
  }
}
