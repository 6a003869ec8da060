/** Statements on one connection to the file of an archive: what a transaction hands to its work. */
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import type {
  ArchiveDatabase,
  IndexAnswer,
  IndexQuery,
  SequenceRange,
  SqlValue,
} from '../contract.ts';
import { indexAnswer, PUT_INTO_INDEX, TAKE_FROM_INDEX } from './index-query.ts';
import { type PackedRows, RowUnpacker } from './packed-rows.ts';
import { forRows, insertOf, type RowStatement, sizesOf } from './row-statement.ts';
import { sqliteError } from './sqlite-error.ts';

/** Prepared statements kept. */
const STATEMENTS = 256;

export class SqliteSession implements ArchiveDatabase {
  readonly kind = 'sqlite';
  readonly where: string;
  readonly #file: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(file: Database.Database, where: string) {
    this.#file = file;
    this.where = where;
  }

  /** False: it changes something, and must wait for its turn. */
  reads(sql: string): boolean {
    return this.#told(() => this.#statement(sql).readonly);
  }

  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.#told(() => this.#statement(sql).all(...values) as Row[]);
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    // Prepared anew: one that is being read cannot be run a second time.
    const rows = this.#told(
      () => this.#file.prepare(sql).iterate(...values) as IterableIterator<Row>,
    );
    try {
      for (;;) {
        const next = this.#told(() => rows.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      rows.return?.();
    }
  }

  async run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.#told(() => this.#statement(sql).run(...values).changes);
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly SqlValue[][],
  ): Promise<void> {
    const statement = insertOf(table, columns);
    this.#told(() => {
      let done = 0;
      for (const size of sizesOf(statement)) {
        if (rows.length - done < size) continue;
        const prepared = this.#statement(forRows(statement, size));
        for (; rows.length - done >= size; done += size) {
          prepared.run(...rows.slice(done, done + size).flat());
        }
      }
    });
  }

  /** A statement, run with all of the rows. */
  packed(statement: RowStatement, rows: PackedRows): void {
    this.#told(() => {
      const left = new RowUnpacker(rows);
      for (const size of sizesOf(statement)) {
        if (left.left < size) continue;
        const prepared = this.#statement(forRows(statement, size));
        const values = new Array<SqlValue>(size * rows.columns).fill(null);
        while (left.left >= size) {
          left.read(size, values);
          // As arguments, better-sqlite3 reaches them in half the time that it takes for those of an array.
          prepared.run(...values);
        }
      }
    });
  }

  matching(query: IndexQuery, range?: SequenceRange): IndexAnswer {
    return indexAnswer(query, range);
  }

  async index(rows: readonly { sequence: number; terms: string }[]): Promise<void> {
    this.#told(() => {
      const statement = this.#statement(PUT_INTO_INDEX);
      for (const { sequence, terms } of rows) statement.run(sequence, terms);
    });
  }

  async unindex(sequences: readonly number[]): Promise<void> {
    this.#told(() => {
      const statement = this.#statement(TAKE_FROM_INDEX);
      for (const sequence of sequences) statement.run(sequence);
    });
  }

  transaction<T>(): Promise<T> {
    return Promise.reject(new ArchiveError('a transaction has no transaction within it'));
  }

  scrub(): Promise<void> {
    return Promise.reject(new ArchiveError('a transaction cannot be scrubbed'));
  }

  async close(): Promise<void> {
    this.#statements.clear();
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.where);
    }
  }

  #statement(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= STATEMENTS) this.#statements.clear();
    const made = this.#file.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
