/** An archive in one SQLite file: one connection writes, others read what is committed. */
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, IndexQuery, SequenceRange, SqlValue } from '../contract.ts';
import { ReaderPool } from './reader-pool.ts';
import { scrubFile } from './scrub-file.ts';
import { sqliteError } from './sqlite-error.ts';
import { openSqlite, type SqliteOptions } from './sqlite-file.ts';
import { SqliteSession } from './sqlite-session.ts';

export class SqliteDatabase implements ArchiveDatabase {
  readonly kind = 'sqlite';
  readonly where: string;
  readonly #file: Database.Database;
  readonly #session: SqliteSession;
  readonly #readers: ReaderPool;
  /** Transactions of this connection wait here for each other. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Throws ArchiveError. */
  constructor(path: string, options: SqliteOptions) {
    this.where = path;
    this.#file = openSqlite(path, options);
    this.#session = new SqliteSession(this.#file, path);
    this.#readers = new ReaderPool(path);
  }

  /** Never what a transaction has not committed yet. */
  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    this.#mustBeOpen();
    if (this.#waiting === 0) return this.#session.rows<Row>(sql, ...values);
    if (!this.#session.reads(sql)) {
      return this.#inTurn(() => this.#session.rows<Row>(sql, ...values));
    }
    return this.#readers.use((session) => session.rows<Row>(sql, ...values));
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    this.#mustBeOpen();
    yield* this.#readers.each((session) => session.each<Row>(sql, ...values));
  }

  run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.#inTurn(() => this.#session.run(sql, ...values));
  }

  insert(table: string, columns: readonly string[], rows: readonly SqlValue[][]): Promise<void> {
    return this.transaction((within) => within.insert(table, columns, rows));
  }

  index(rows: readonly { sequence: number; terms: string }[]): Promise<void> {
    return this.transaction((within) => within.index(rows));
  }

  unindex(sequences: readonly number[]): Promise<void> {
    return this.transaction((within) => within.unindex(sequences));
  }

  matching(query: IndexQuery, range?: SequenceRange) {
    return this.#session.matching(query, range);
  }

  transaction<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#transact(work));
  }

  async #transact<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    this.#exec('BEGIN IMMEDIATE');
    try {
      const result = await work(this.#session);
      this.#exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have ended it already.
      if (this.#file.inTransaction) this.#exec('ROLLBACK');
      throw error;
    }
  }

  scrub(): Promise<void> {
    return this.#inTurn(async () => {
      this.#readers.close(false);
      scrubFile(this.#file, this.where);
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#readers.close(true);
    await this.#session.close();
    this.#file.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const begun = this.#turn.then(() => {
      this.#mustBeOpen();
      return work();
    });
    const result = begun.finally(() => {
      this.#waiting -= 1;
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** better-sqlite3 throws a TypeError. */
  #mustBeOpen(): void {
    if (!this.#file.open) throw new ArchiveError(`${this.where}: the archive is closed`);
  }

  #exec(sql: string): void {
    try {
      this.#file.exec(sql);
    } catch (error) {
      throw sqliteError(error, this.where);
    }
  }
}
