/**
 * What a transaction in the thread of SQLite hands to its work: what changes something is sent without waiting,
 * and what reads waits only where it could see a change of this transaction.
 */
import { ArchiveError } from '../archive-error.ts';
import type {
  ArchiveDatabase,
  IndexAnswer,
  IndexQuery,
  RowWriter,
  SequenceRange,
  SqlValue,
} from '../contract.ts';
import { indexAnswer, PUT_INTO_INDEX, TAKE_FROM_INDEX } from './index-query.ts';
import { insertOf } from './row-statement.ts';
import type { SqliteSession } from './sqlite-session.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import { ThreadedRowWriter } from './threaded-row-writer.ts';
import { TouchedTables } from './touched-tables.ts';

const INDEX = 'record_text';

export interface SessionParts {
  /** Reads what is committed. */
  readonly committed: SqliteSession;
  readonly touched?: TouchedTables;
  readonly isAhead?: (sql: string) => boolean;
}

export class ThreadedSession implements ArchiveDatabase {
  readonly kind = 'sqlite';
  readonly where: string;
  readonly #thread: SqliteThread;
  readonly #committed: SqliteSession;
  readonly #touched: TouchedTables;
  /** By the transaction before, which is not committed yet: it may be read by this statement. */
  readonly #isAhead: (sql: string) => boolean;

  constructor(
    where: string,
    thread: SqliteThread,
    { committed, touched = new TouchedTables(), isAhead = () => false }: SessionParts,
  ) {
    this.where = where;
    this.#thread = thread;
    this.#committed = committed;
    this.#touched = touched;
    this.#isAhead = isAhead;
  }

  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    if (!this.#committed.reads(sql)) this.#touched.statement(sql);
    else if (!this.#touched.mayBeReadBy(sql) && !this.#isAhead(sql)) {
      return this.#committed.rows<Row>(sql, ...values);
    }
    const rows = (await this.#thread.ask({ type: 'rows', sql, values })) as Row[];
    for (const row of rows) withBuffers(row);
    return rows;
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    const cursor = (await this.#thread.ask({ type: 'each', sql, values })) as number;
    try {
      for (;;) {
        const page = (await this.#thread.ask({ type: 'next', cursor })) as Row[];
        if (page.length === 0) return;
        for (const row of page) yield withBuffers(row);
      }
    } finally {
      await this.#thread.ask({ type: 'leave', cursor });
    }
  }

  async run(sql: string, ...values: SqlValue[]): Promise<number> {
    this.#touched.statement(sql);
    return (await this.#thread.ask({ type: 'run', sql, values })) as number;
  }

  post(sql: string, ...values: SqlValue[]): Promise<void> {
    this.#touched.statement(sql);
    return this.#thread.send({ sql }, [values], values.length);
  }

  insert(table: string, columns: readonly string[], rows: readonly SqlValue[][]): Promise<void> {
    this.#touched.table(table);
    return this.#thread.send(insertOf(table, columns), rows, columns.length);
  }

  writer(table: string, columns: readonly string[]): RowWriter {
    this.#touched.table(table);
    return new ThreadedRowWriter(this.#thread, insertOf(table, columns), columns.length);
  }

  matching(query: IndexQuery, range?: SequenceRange): IndexAnswer {
    return indexAnswer(query, range);
  }

  index(rows: readonly { readonly sequence: number; readonly terms: string }[]): Promise<void> {
    this.#touched.table(INDEX);
    const values = rows.map(({ sequence, terms }) => [sequence, terms]);
    return this.#thread.send({ sql: PUT_INTO_INDEX }, values, 2);
  }

  unindex(sequences: readonly number[]): Promise<void> {
    this.#touched.table(INDEX);
    return this.#thread.send(
      { sql: TAKE_FROM_INDEX },
      sequences.map((sequence) => [sequence]),
      1,
    );
  }

  transaction<T>(): Promise<T> {
    return Promise.reject(new ArchiveError('a transaction has no transaction within it'));
  }

  scrub(): Promise<void> {
    return Promise.reject(new ArchiveError('a transaction cannot be scrubbed'));
  }

  async close(): Promise<void> {
    // The thread is the database's.
  }
}

/** Octets as they come from a connection of one's own; a clone of them has lost its class. */
function withBuffers<Row>(row: Row): Row {
  for (const [name, value] of Object.entries(Object(row))) {
    if (!(value instanceof Uint8Array)) continue;
    const { buffer, byteOffset, byteLength } = value;
    Object.assign(Object(row), { [name]: Buffer.from(buffer, byteOffset, byteLength) });
  }
  return row;
}
