/**
 * An archive in one SQLite file, written by a thread of its own, for who appends much: while SQLite inserts,
 * this thread works out what comes next. What is committed is read here.
 */
import { ArchiveError } from '../archive-error.ts';
import type {
  Ahead,
  ArchiveDatabase,
  IndexAnswer,
  IndexQuery,
  LeftBehind,
  SequenceRange,
  SqlValue,
} from '../contract.ts';
import { AheadTransaction } from './ahead-transaction.ts';
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
  /** The last one, where another may begin before it is committed. */
  #latest: AheadTransaction | undefined;
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
    try {
      await this.#thread.ask({ type: 'begin' });
      const result = await work(new ThreadedSession(this.where, this.#thread, { committed }));
      await this.#thread.ask({ type: 'commit' });
      return result;
    } catch (error) {
      await this.#rollback();
      throw error;
    }
  }

  async ahead<T>(
    work: (database: ArchiveDatabase) => Promise<T>,
    after: LeftBehind | undefined,
  ): Promise<Ahead<T>> {
    this.#mustBeOpen();
    const before = this.#latest;
    const own = new AheadTransaction(before);
    this.#latest = own;
    const turn = this.#turn;
    this.#turn = Promise.all([turn, own.ended]);
    await (before === undefined ? turn : before.mayBeFollowed);
    try {
      const result = await this.#readers.use((session) => this.#work(own, work, session, after));
      const committed = this.#commit(own);
      // Whoever waits for it hears of it.
      committed.catch(() => undefined);
      return { result, committed };
    } catch (error) {
      await this.#undo(own);
      throw error;
    }
  }

  async #work<T>(
    own: AheadTransaction,
    work: (database: ArchiveDatabase) => Promise<T>,
    committed: SqliteSession,
    after: LeftBehind | undefined,
  ): Promise<T> {
    const begun = this.#thread.ask({ type: 'begin', head: after?.head });
    // Behind one that is not committed yet it is waited for with the first answer that is needed.
    if (own.isFirst) await begun;
    else begun.catch(() => undefined);
    const isAhead = (sql: string) => own.isAhead(sql, after?.known ?? []);
    const session = { committed, touched: own.touched, isAhead };
    return work(new ThreadedSession(this.where, this.#thread, session));
  }

  async #commit(own: AheadTransaction): Promise<void> {
    const committed = this.#thread.ask({ type: 'commit' });
    own.worked();
    try {
      await committed;
      this.#ended(own);
    } catch (error) {
      await this.#undo(own);
      throw error;
    }
  }

  /** Not before what follows it is lost as well: after the rollback its orders would find no transaction. */
  async #undo(own: AheadTransaction): Promise<void> {
    own.worked();
    if (this.#latest === own) this.#latest = undefined;
    await own.whenFollowerWorked;
    await this.#rollback();
    this.#ended(own);
  }

  #ended(own: AheadTransaction): void {
    if (this.#latest === own) this.#latest = undefined;
    own.end();
  }

  /** Never rejects: the error that came first tells more than that there is no thread to roll back. */
  async #rollback(): Promise<void> {
    await this.#thread.ask({ type: 'rollback' }).catch(() => undefined);
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
    // What comes next sees what this one commits.
    this.#latest = undefined;
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
