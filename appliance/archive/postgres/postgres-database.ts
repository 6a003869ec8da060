/**
 * An archive in a PostgreSQL database, where one machine is not enough: tables in the first schema of the
 * user's search_path, `record` partitioned by month, terms in tsvectors.
 *
 * A connection that is lost is told as an ArchiveError with `retry`; the next call makes a new one.
 */
import pg from 'pg';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, IndexQuery, SequenceRange, SqlValue } from '../contract.ts';
import { connectionOptions } from './connection-options.ts';
import { openTables } from './open-tables.ts';
import { postgresError } from './postgres-error.ts';
import { scrubTables } from './scrub-tables.ts';
import { PostgresSession, type Shared } from './session.ts';
import { termCondition } from './term-query.ts';

/** Milliseconds that a writer waits for another one, as in sqlite/. */
const BUSY = 30_000;
/** Milliseconds in which a statement of a transaction must be answered: a server that hangs is away. */
const PATIENCE = 300_000;

export interface PostgresOptions {
  /** Make the tables where there are none. */
  readonly create: boolean;
  readonly readOnly: boolean;
}

export class PostgresDatabase implements ArchiveDatabase {
  readonly kind = 'postgres';
  readonly where: string;
  readonly #pool: pg.Pool;
  readonly #shared: Shared;
  readonly #readOnly: boolean;
  readonly #ready = new WeakSet<pg.ClientBase>();
  /** Transactions of this process wait here for each other, without a connection each. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `shown`: the address without a password. Throws ArchiveError: not reached, no archive there. */
  static async open(
    url: string,
    shown: string,
    { create, readOnly }: PostgresOptions,
  ): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(url, shown, readOnly);
    try {
      await database.#with((client) => openTables(client, shown, create && !readOnly), true);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  private constructor(url: string, shown: string, readOnly: boolean) {
    this.where = shown;
    this.#readOnly = readOnly;
    this.#shared = { where: shown, months: new Set(), columns: new Map() };
    this.#pool = new pg.Pool(connectionOptions(url, shown));
    // A connection that breaks while nobody uses it, or between two statements: the next statement tells.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.#with((client) => this.#session(client).rows<Row>(sql, ...values));
  }

  run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.#with((client) => this.#session(client).run(sql, ...values));
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    const client = await this.#connect();
    let broken: unknown;
    try {
      await this.#ask(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      yield* this.#session(client).each<Row>(sql, ...values);
    } catch (error) {
      broken = error;
      throw error;
    } finally {
      await this.#end(client, 'ROLLBACK', broken);
    }
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

  transaction<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#transact(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #transact<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const session = new PostgresSession(client, this.#shared, PATIENCE);
    let broken: unknown;
    try {
      // The row of the schema is never changed: locking it is what makes writers wait for each other.
      await this.#ask(
        client,
        `BEGIN;
        SET LOCAL lock_timeout = ${BUSY};
        SET LOCAL idle_in_transaction_session_timeout = ${PATIENCE};
        SELECT 1 FROM meta WHERE name = 'schema' FOR UPDATE`,
      );
      const result = await work(session);
      await session.settle();
      const { command } = await this.#ask(client, 'COMMIT');
      // The work went on after an error of the database.
      if (command !== 'COMMIT') throw new ArchiveError(`${this.where}: the changes were undone`);
      for (const month of session.months) this.#shared.months.add(month);
      return result;
    } catch (error) {
      broken = error;
      // Nothing else is asked while the server still works on what was posted.
      await session.settle().catch(() => undefined);
      throw error;
    } finally {
      await this.#end(client, broken === undefined ? undefined : 'ROLLBACK', broken);
    }
  }

  matching(query: IndexQuery, range?: SequenceRange) {
    return termCondition(query, range);
  }

  async scrub(): Promise<void> {
    await this.#with((client) => scrubTables(client, this.where));
  }

  async close(): Promise<void> {
    await this.#turn;
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #ask(client: pg.ClientBase, text: string): Promise<pg.QueryResult> {
    try {
      return await client.query(timed(text, PATIENCE));
    } catch (error) {
      throw postgresError(error, this.where);
    }
  }

  #session(client: pg.ClientBase): PostgresSession {
    return new PostgresSession(client, this.#shared);
  }

  async #with<T>(work: (client: pg.ClientBase) => Promise<T>, opening = false): Promise<T> {
    const client = await this.#connect(opening);
    let broken: unknown;
    try {
      return await work(client);
    } catch (error) {
      broken = error;
      throw postgresError(error, this.where);
    } finally {
      await this.#end(client, undefined, broken);
    }
  }

  async #connect(opening = false): Promise<pg.PoolClient> {
    if (this.#pool.ending) throw new ArchiveError(`${this.where}: the archive is closed`);
    try {
      const client = await this.#pool.connect();
      if (!this.#ready.has(client)) await this.#prepare(client);
      return client;
    } catch (error) {
      const told = postgresError(error, this.where, true);
      // It was reached before: what refuses it now (rules being changed, a database being restored) may pass.
      throw opening ? told : new ArchiveError(told.message, told.advice, true);
    }
  }

  async #prepare(client: pg.PoolClient): Promise<void> {
    try {
      // Compiling costs more than it gains for what the archive asks; what is read row by row is mostly read to
      // its end. What is committed must be on the disk, since the spool lets go of it then.
      await client.query(`SET jit = off; SET cursor_tuple_fraction = 1;
        SET default_transaction_read_only = ${this.#readOnly};
        SELECT set_config('synchronous_commit', 'on', false)
          WHERE current_setting('synchronous_commit') = 'off'`);
      this.#ready.add(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Gives the connection back, or closes it when it may not be in order. */
  async #end(client: pg.PoolClient, last: 'ROLLBACK' | undefined, broken: unknown): Promise<void> {
    let usable = !isAway(broken);
    if (usable && last !== undefined) {
      usable = await client.query(timed(last, BUSY)).then(
        () => true,
        () => false,
      );
    }
    client.release(!usable);
  }
}

function isAway(error: unknown): boolean {
  return error instanceof ArchiveError && error.retry;
}

/** A statement that is answered within so many milliseconds, or its connection is given up. */
function timed(text: string, milliseconds: number): pg.QueryConfig & { query_timeout: number } {
  return { text, query_timeout: milliseconds };
}
