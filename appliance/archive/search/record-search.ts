/**
 * One search. What is rare in the query is looked up, and what it proposes is read. Where each part of it holds for
 * many, the archive is gone through from the end that is shown first, and what the indexes propose together is read
 * there: a page of a common word costs as little as one of a rare word. SQLite has the records of a word in their
 * order; PostgreSQL and other indexes are asked for stretches that grow.
 *
 * Content is opened and read again: an index that was tampered with cannot make a hit up.
 */
import type { Archive } from '../archive.ts';
import type { RecordQuery, SequenceRange } from '../contract.ts';
import { readHead } from '../record/head.ts';
import { findPhrases } from './find-phrases.ts';
import { openRecord, type RecordRow, ROW_COLUMNS } from './open-record.ts';
import { ProposeTogether } from './propose-together.ts';
import type { QueryPart, Sql } from './query-part.ts';
import type { QueryParts } from './query-parts.ts';
import { rareSequences, rareText } from './rare-sequences.ts';
import type { Hit, SearchOptions } from './search-records.ts';
import type { SearchSizes } from './search-sizes.ts';
import { Stretches } from './stretches.ts';
import type { TextIndex } from './text-index.ts';
import { boundByTime } from './time-bounds.ts';

/** Stretches that are gone through before it is asked where the time that was asked for ends. */
const STRETCHES_UNBOUND = 2;
/** One record in so many: all of a stretch is read sooner than these one by one. */
const DENSE = 16;

export class RecordSearch {
  readonly #archive: Archive;
  readonly #query: RecordQuery;
  readonly #asked: QueryParts;
  readonly #options: SearchOptions;
  readonly #sizes: SearchSizes;
  readonly #oldestFirst: boolean;
  /** All that is asked for but text. */
  readonly #parts: readonly QueryPart[];
  /** Parts that need not be asked again. */
  #settled: ReadonlySet<QueryPart> = new Set();

  constructor(
    archive: Archive,
    query: RecordQuery,
    asked: QueryParts,
    options: SearchOptions,
    sizes: SearchSizes,
  ) {
    this.#archive = archive;
    this.#query = query;
    this.#asked = asked;
    this.#options = options;
    this.#sizes = sizes;
    this.#oldestFirst = options.oldestFirst === true;
    this.#parts = asked.parts.filter(({ name }) => name !== 'text');
  }

  async *hits(): AsyncGenerator<Hit> {
    const { database } = this.#archive;
    const { index } = this.#asked;
    const whole = await this.#whole();
    if (whole === undefined) return;
    const { sequences, settled } = await rareSequences(database, this.#parts, whole, this.#sizes);
    this.#settled = settled;
    if (sequences !== undefined) return yield* this.#ofFew(this.#inOrder(sequences), whole);
    const near = this.#oldestFirst ? 'first' : 'last';
    const range = await boundByTime(database, this.#query, whole, near);
    if (range === undefined) return;
    if (index !== undefined && database.kind === 'sqlite') yield* this.#byWords(index, range);
    else yield* this.#byStretches(range);
  }

  /** The records in question; undefined: none. */
  async #whole(): Promise<SequenceRange | undefined> {
    const { beyond } = this.#options;
    const { sequence } = await readHead(this.#archive.database);
    const range = { first: 1, last: sequence };
    if (beyond !== undefined) {
      if (this.#oldestFirst) range.first = beyond + 1;
      else range.last = Math.min(sequence, beyond - 1);
    }
    return range.first <= range.last ? range : undefined;
  }

  /** Content is read of a few, and of others where the search index has the words too. */
  async *#ofFew(sequences: readonly number[], whole: SequenceRange): AsyncGenerator<Hit> {
    const { index } = this.#asked;
    const few = index === undefined ? sequences.length : this.#sizes.few;
    yield* this.#read(sequences.slice(0, few));
    const rest = sequences.slice(few);
    if (rest.length === 0) return;
    // Beginnings of words would be brought together for all of the archive.
    const words = index?.open === true ? index.closed : index?.sequences;
    if (words === undefined) return yield* this.#read(rest);
    const { sql, values } = words({ ...whole, only: rest });
    const rows = await this.#archive.database.rows<{ sequence: number }>(
      `SELECT sequence FROM (${sql}) AS those WHERE sequence + 0 IN (${rest.join(', ')})`,
      ...values,
    );
    yield* this.#read(this.#inOrder(rows.map(({ sequence }) => sequence)));
  }

  async *#byWords(index: TextIndex, whole: SequenceRange): AsyncGenerator<Hit> {
    const { database } = this.#archive;
    let range = whole;
    if (index.open) {
      // Many words begin so, or the rest of the query is rare.
      const first = this.#first(range, this.#sizes.few);
      yield* this.#readAll(first);
      range = this.#after(this.#oldestFirst ? first.last : first.first, range);
      const found = await rareText(database, index, range, this.#sizes);
      if (found !== undefined) return yield* this.#read(this.#inOrder(found));
    }
    const others = this.#parts.filter((part) => this.#helps(part));
    let read = 0;
    let beyond = 0;
    for await (const some of this.#inIndex(index, range, [])) {
      yield* this.#rows([among(some)]);
      read += some.length;
      beyond = some.at(-1) ?? 0;
      if (others.length > 0 && read >= this.#sizes.few) break;
    }
    if (others.length === 0 || read < this.#sizes.few) return;
    yield* this.#byWordsAndOthers(index, this.#after(beyond, range), others);
  }

  /** Looking up the others takes its time: the page would have been full, were there not few that have both. */
  async *#byWordsAndOthers(
    index: TextIndex,
    range: SequenceRange,
    others: readonly QueryPart[],
  ): AsyncGenerator<Hit> {
    const far = this.#oldestFirst ? 'last' : 'first';
    const left = await boundByTime(this.#archive.database, this.#query, range, far);
    if (left === undefined || left.first > left.last) return;
    const answers = others.flatMap((part) => part.sequences?.(left) ?? []);
    for await (const some of this.#inIndex(index, left, answers)) yield* this.#rows([among(some)]);
  }

  /** Sequences in order, some at a time; `others`: only those that are in each of these too. */
  async *#inIndex(
    index: TextIndex,
    range: SequenceRange,
    others: readonly Sql[],
  ): AsyncGenerator<number[]> {
    const { sql, values } = index.sequences(range);
    // "+ 0": SQLite would ask the index for each of them.
    const within = others.map((other) => `sequence + 0 IN (${other.sql})`).join(' AND ');
    const proposed = this.#archive.database.each<{ sequence: number }>(
      `SELECT sequence FROM (${sql}) AS those ${within === '' ? '' : `WHERE ${within}`}
        ORDER BY sequence ${this.#oldestFirst ? 'ASC' : 'DESC'}`,
      ...values,
      ...others.flatMap((other) => other.values),
    );
    let length = this.#sizes.rows;
    let some: number[] = [];
    for await (const { sequence } of proposed) {
      // Of an archive that encrypts, plain words and digests may both say it.
      if (sequence === some.at(-1)) continue;
      some.push(sequence);
      if (some.length < length) continue;
      yield some;
      some = [];
      length = Math.min(length * this.#sizes.growth, this.#sizes.mostRows);
    }
    if (some.length > 0) yield some;
  }

  async *#byStretches(range: SequenceRange): AsyncGenerator<Hit> {
    const { database } = this.#archive;
    const { index } = this.#asked;
    const stretches = new Stretches(range, this.#oldestFirst, this.#sizes);
    const together = new ProposeTogether(database, index, this.#sizes);
    const far = this.#oldestFirst ? 'last' : 'first';
    for (let n = 0; ; n++) {
      if (n === STRETCHES_UNBOUND && stretches.left !== undefined) {
        stretches.left = await boundByTime(database, this.#query, stretches.left, far);
      }
      if (n === 1 && index !== undefined && stretches.left !== undefined) {
        // Common words are in the first stretch.
        const found = await rareText(database, index, stretches.left, this.#sizes);
        if (found !== undefined) return yield* this.#read(this.#inOrder(found));
      }
      const stretch = stretches.next();
      if (stretch === undefined) return;
      yield* this.#ofStretch(stretch, together);
    }
  }

  /** What all indexes propose; where none can be asked, all of it. */
  async *#ofStretch(stretch: SequenceRange, together: ProposeTogether): AsyncGenerator<Hit> {
    const { index } = this.#asked;
    const others = this.#parts.flatMap((part) =>
      this.#helps(part) ? (part.sequences?.(stretch) ?? []) : [],
    );
    if (index === undefined && others.length === 0) return yield* this.#readAll(stretch);
    const found = await together.of(stretch, others);
    // Those would be found on nearly every page of the file.
    const isDense = found.length * DENSE > stretch.last - stretch.first;
    if (isDense && index === undefined) yield* this.#readAll(stretch);
    else yield* this.#read(this.#inOrder(found));
  }

  /** An index says for which records of a stretch it holds. */
  #helps(part: QueryPart): boolean {
    return part.sequences !== undefined && part.name !== 'from' && !this.#settled.has(part);
  }

  #first({ first, last }: SequenceRange, records: number): SequenceRange {
    return this.#oldestFirst
      ? { first, last: Math.min(last, first + records - 1) }
      : { first: Math.max(first, last - records + 1), last };
  }

  #after(sequence: number, { first, last }: SequenceRange): SequenceRange {
    return this.#oldestFirst ? { first: sequence + 1, last } : { first, last: sequence - 1 };
  }

  /** As they are shown, each once. */
  #inOrder(sequences: Iterable<number>): number[] {
    const distinct = [...new Set(sequences)];
    return distinct.sort(this.#oldestFirst ? (a, b) => a - b : (a, b) => b - a);
  }

  #readAll({ first, last }: SequenceRange): AsyncGenerator<Hit> {
    return this.#rows([{ sql: 'record.sequence BETWEEN ? AND ?', values: [first, last] }]);
  }

  async *#read(sequences: readonly number[]): AsyncGenerator<Hit> {
    const { rows, mostRows, growth } = this.#sizes;
    for (let at = 0, length = rows; at < sequences.length; ) {
      yield* this.#rows([among(sequences.slice(at, at + length))]);
      at += length;
      length = Math.min(length * growth, mostRows);
    }
  }

  async *#rows(within: readonly Sql[]): AsyncGenerator<Hit> {
    const { database, vault } = this.#archive;
    const { text } = this.#asked;
    const conditions: Sql[] = [...within, { sql: "record.kind = 'event'", values: [] }];
    if (this.#options.repeats !== true) conditions.push({ sql: 'record.repeat = 0', values: [] });
    if (text !== undefined) conditions.push({ sql: 'record.content IS NOT NULL', values: [] });
    for (const part of this.#parts) {
      const condition = part.check ?? part.row;
      if (condition !== undefined && !this.#settled.has(part)) conditions.push(condition);
    }
    // SQLite would rather go by the index of one of these conditions, through all that it has there.
    const table = database.kind === 'sqlite' ? 'record NOT INDEXED' : 'record';
    const rows = database.each<RecordRow>(
      `SELECT ${ROW_COLUMNS} FROM ${table} WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}
        ORDER BY record.sequence ${this.#oldestFirst ? 'ASC' : 'DESC'}`,
      ...conditions.flatMap(({ values }) => values),
    );
    for await (const row of rows) {
      const record = openRecord(row, vault);
      if (text === undefined) yield { record, texts: [] };
      else if (record.content !== undefined) {
        const texts = findPhrases(record.content, text);
        if (texts !== undefined) yield { record, texts };
      }
    }
  }
}

function among(sequences: readonly number[]): Sql {
  return { sql: `record.sequence IN (${sequences.join(', ')})`, values: [] };
}
