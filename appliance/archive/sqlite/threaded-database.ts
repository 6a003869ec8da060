/**
 * An archive in one SQLite file, written by a thread of its own, for who appends much: while SQLite inserts,
 * this thread works out what comes next. What is committed is read here.
 */
import { ArchiveError } from '../archive-error.ts';
import type {
  ArchiveDatabase,
  IndexAnswer,
  IndexQuery,
  SequenceRange,
  SqlValue,
} from '../contract.ts';
import { indexAnswer } from './index-query.ts';
import { ReaderPool } from './reader-pool.ts';
import type { SqliteOptions } from './sqlite-file.ts';
import type { SqliteSession } from './sqlite-session.ts';
import { type SpawnSqlite, SqliteThread } from './sqlite-thread.ts';
import { ThreadedSession } from './threaded-session.ts';

export class ThreadedDatabase implements ArchiveDatabase {
  readonly kind = 'sqlite';
  readonly where: string;
  readonly #thread: SqliteThread;
  readonly #readers: ReaderPool;
  /** Transactions wait here for each other. */
  #turn: Promise<unknown> = Promise.resolve();
  #open = true;

  private constructor(where: string, thread: SqliteThread) {
    this.where = where;
    this.#thread = thread;
    this.#readers = new ReaderPool(where);
  }

  /** Rejects with ArchiveError. */
  static async open(
    path: string,
    options: SqliteOptions,
    spawn: SpawnSqlite,
  ): Promise<ThreadedDatabase> {
    return new ThreadedDatabase(path, await SqliteThread.open(path, { options, spawn }));
  }

  /** Never what a transaction has not committed yet. */
  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    this.#mustBeOpen();
    return this.#readers.use((session) =>
      session.reads(sql)
        ? session.rows<Row>(sql, ...values)
        : this.transaction((within) => within.rows<Row>(sql, ...values)),
    );
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    this.#mustBeOpen();
    yield* this.#readers.each((session) => session.each<Row>(sql, ...values));
  }

  run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.transaction((within) => within.run(sql, ...values));
  }

  insert(table: string, columns: readonly string[], rows: readonly SqlValue[][]): Promise<void> {
    return this.transaction((within) => within.insert(table, columns, rows));
  }

  index(rows: readonly { readonly sequence: number; readonly terms: string }[]): Promise<void> {
    return this.transaction((within) => within.index(rows));
  }

  unindex(sequences: readonly number[]): Promise<void> {
    return this.transaction((within) => within.unindex(sequences));
  }

  matching(query: IndexQuery, range?: SequenceRange): IndexAnswer {
    return indexAnswer(query, range);
  }

  transaction<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#readers.use((session) => this.#transact(work, session)));
  }

  async #transact<T>(
    work: (database: ArchiveDatabase) => Promise<T>,
    committed: SqliteSession,
  ): Promise<T> {
    await this.#thread.ask({ type: 'begin' });
    try {
      const result = await work(new ThreadedSession(this.where, this.#thread, committed));
      await this.#thread.ask({ type: 'commit' });
      return result;
    } catch (error) {
      // The error that came first tells more than that there is no thread to roll back.
      await this.#thread.ask({ type: 'rollback' }).catch(() => undefined);
      throw error;
    }
  }

  scrub(): Promise<void> {
    return this.#inTurn(async () => {
      this.#readers.close(false);
      await this.#thread.ask({ type: 'scrub' });
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#open = false;
    this.#readers.close(true);
    await this.#thread.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      this.#mustBeOpen();
      return work();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new ArchiveError(`${this.where}: the archive is closed`);
  }
}
