/**
 * An archive seen through one connection, within a transaction: what `transaction()` hands to its work, and
 * what `each()` reads by.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, IndexQuery, SequenceRange, SqlValue } from '../contract.ts';
import { askTogether } from './asked-together.ts';
import { type ColumnKind, type CopyValue, copyRows } from './copy-format.ts';
import { monthOf, NO_MONTH } from './months.ts';
import { type Months, makeMonths, missingMonths, partitionOf } from './partitions.ts';
import { numberPlaceholders } from './placeholders.ts';
import { postgresError } from './postgres-error.ts';
import { StatementQueue } from './statement-queue.ts';
import { toStoredText } from './stored-text.ts';
import { termCondition } from './term-query.ts';
import { termsIn, termVectors } from './term-vectors.ts';

/** Rows that a cursor fetches at once, and about how many octets of them. */
const FETCH = 1000;
const FETCH_OCTETS = 1024 * 1024;
/** Rows of the first fetch, before it is known how large they are. */
const FIRST_FETCH = 32;
/** Statements that the server keeps prepared for a connection. */
const PREPARED = 256;

/** pg_type.dat */
const KINDS: Readonly<Record<number, ColumnKind>> = {
  17: 'octets',
  20: 'integer',
  25: 'text',
  3614: 'terms',
};

/** What all sessions of an archive know together. */
export interface Shared {
  readonly where: string;
  /** Months that have a partition, as committed. */
  readonly months: Months;
  /** Columns of tables, as they were looked up. */
  readonly columns: Map<string, ReadonlyMap<string, ColumnKind>>;
}

const prepared = new Map<string, string>();

export class PostgresSession implements ArchiveDatabase {
  readonly kind = 'postgres';
  readonly where: string;
  /** Months that have a partition, with those that this transaction made. */
  readonly months: Months;
  readonly #client: pg.ClientBase;
  readonly #shared: Shared;
  /** Milliseconds that the server has for an answer; undefined: as long as it takes. */
  readonly #patience: number | undefined;
  readonly #statements = new StatementQueue();
  #cursors = 0;

  constructor(client: pg.ClientBase, shared: Shared, patience?: number) {
    this.#client = client;
    this.#shared = shared;
    this.#patience = patience;
    this.where = shared.where;
    this.months = new Set(shared.months);
  }

  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return (await this.#ask<pg.QueryResultRow>(sql, values)).rows as Row[];
  }

  async rowsOfEach<Row>(
    sql: string,
    lists: readonly (readonly (string | number)[])[],
  ): Promise<Row[][]> {
    const answers = lists.map((): Row[] => []);
    if (lists.length === 0) return answers;
    const together = askTogether(sql, lists);
    const rows = await this.rows<Row & { readonly asked: number }>(
      together.sql,
      ...together.values,
    );
    for (const row of rows) answers[row.asked - 1]?.push(row);
    return answers;
  }

  async run(sql: string, ...values: SqlValue[]): Promise<number> {
    return (await this.#ask(sql, values)).rowCount ?? 0;
  }

  post(sql: string, ...values: SqlValue[]): Promise<void> {
    let octets = sql.length;
    for (const value of values) octets += sizeOf(value);
    return this.#statements.post(this.#statement(sql, values, true), octets);
  }

  /** By a cursor of SQL: other statements can be run between its rows. */
  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    this.#cursors += 1;
    const cursor = `each_${this.#cursors}`;
    await this.#ask(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, values, false);
    let open = true;
    try {
      for (let count = FIRST_FETCH; ; ) {
        const fetched = await this.#ask<pg.QueryResultRow>(
          `FETCH ${count} FROM ${cursor}`,
          [],
          false,
        );
        yield* fetched.rows as Row[];
        if (fetched.rows.length < count) break;
        count = nextFetch(fetched.rows);
      }
    } catch (error) {
      open = !(error instanceof ArchiveError);
      throw error;
    } finally {
      // After an error of the database the transaction is over, and the cursor with it.
      if (open) await this.#ask(`CLOSE ${cursor}`, [], false).catch(() => undefined);
    }
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly SqlValue[][],
  ): Promise<void> {
    if (rows.length === 0) return;
    if (table !== 'record') return this.#copy(table, columns, rows);
    const time = columns.indexOf('time');
    const months = rows.map((row) => monthOf(Number(row[time])));
    const missing = missingMonths(this.months, months);
    if (missing.length > 0) {
      const make = () => this.#tell(makeMonths(this.#client, this.months, missing));
      await this.#statements.ask(make);
    }
    await this.#copy(
      table,
      [...columns, 'month'],
      rows.map((row, n) => [...row, partitionOf(this.months, months[n] ?? NO_MONTH)]),
    );
  }

  async index(rows: readonly { sequence: number; terms: string }[]): Promise<void> {
    const short: CopyValue[][] = [];
    const long: CopyValue[][] = [];
    for (const { sequence, terms } of rows) {
      const vectors = termVectors(termsIn(terms));
      const [first] = vectors;
      if (vectors.length === 1 && first !== undefined) short.push([sequence, first]);
      else long.push(...vectors.map((vector, part) => [sequence, part, vector]));
    }
    if (short.length > 0) await this.#copy('record_text', ['sequence', 'terms'], short);
    if (long.length > 0) {
      await this.#copy('record_text_long', ['sequence', 'part', 'terms'], long);
    }
  }

  async unindex(sequences: readonly number[]): Promise<void> {
    const all = `{${sequences.join(',')}}`;
    for (const table of ['record_text', 'record_text_long']) {
      await this.run(`DELETE FROM ${table} WHERE sequence = ANY (?::bigint[])`, all);
    }
  }

  matching(query: IndexQuery, range?: SequenceRange) {
    return termCondition(query, range);
  }

  transaction<T>(): Promise<T> {
    return Promise.reject(new ArchiveError('a transaction has no transaction within it'));
  }

  scrub(): Promise<void> {
    return Promise.reject(new ArchiveError('a transaction cannot be scrubbed'));
  }

  /** All that was asked is answered. Rejects with what failed first. */
  settle(): Promise<void> {
    return this.#statements.settle();
  }

  async close(): Promise<void> {}

  async #copy(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly CopyValue[]>,
  ): Promise<void> {
    const known = await this.#columnsOf(table);
    const kinds = columns.map((column) => known.get(column) ?? 'text');
    const text = `COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary)`;
    // Made now: the rows are lent.
    const pieces = [...copyRows(kinds, rows)];
    const octets = pieces.reduce((sum, { length }) => sum + length, 0);
    const copy = () => {
      const signal =
        this.#patience === undefined ? {} : { signal: AbortSignal.timeout(this.#patience) };
      const into = this.#client.query(copyFrom(text));
      return this.#tell(pipeline(Readable.from(pieces), into, signal));
    };
    await this.#statements.post(copy, octets);
  }

  async #columnsOf(table: string): Promise<ReadonlyMap<string, ColumnKind>> {
    const known = this.#shared.columns.get(table);
    if (known !== undefined) return known;
    const found = await this.rows<{ name: string; type: number }>(
      `SELECT attname AS name, atttypid::bigint AS type FROM pg_attribute
        WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped`,
      table,
    );
    const columns = new Map(found.map(({ name, type }) => [name, KINDS[type] ?? 'text']));
    this.#shared.columns.set(table, columns);
    return columns;
  }

  #ask<Row extends pg.QueryResultRow>(sql: string, values: readonly SqlValue[], prepare = true) {
    return this.#statements.ask(this.#statement<Row>(sql, values, prepare));
  }

  #statement<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly SqlValue[],
    prepare: boolean,
  ): () => Promise<pg.QueryResult<Row>> {
    const text = numberPlaceholders(sql);
    const name = prepare && this.#patience !== undefined ? preparedName(text) : undefined;
    const query = {
      text,
      values: values.map((value) => (typeof value === 'string' ? toStoredText(value) : value)),
      ...(name !== undefined && { name }),
      ...(this.#patience !== undefined && { query_timeout: this.#patience }),
    };
    return () => this.#tell(this.#client.query<Row>(query));
  }

  async #tell<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw postgresError(error, this.where);
    }
  }
}

/** The writer repeats few statements very often; others are planned with their values known. */
function preparedName(text: string): string | undefined {
  const known = prepared.get(text);
  if (known !== undefined || prepared.size >= PREPARED) return known;
  const name = `sallyport_${prepared.size}`;
  prepared.set(text, name);
  return name;
}

function nextFetch(rows: readonly pg.QueryResultRow[]): number {
  let octets = 0;
  for (const row of rows) {
    for (const value of Object.values(row)) octets += sizeOf(value);
  }
  const each = octets / rows.length;
  return Math.max(1, Math.min(FETCH, Math.floor(FETCH_OCTETS / each)));
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length + 8 : 8;
}
