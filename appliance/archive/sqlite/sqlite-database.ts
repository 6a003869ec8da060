/**
 * An archive in one SQLite file: WAL, so that it is read while it is written; deleted octets are overwritten
 * (secure_delete), since what was erased must not be found in the file.
 */
import Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, IndexQuery, SqlValue } from '../contract.ts';
import { otherTables, RECORD_INDEXES, recordTable, SCHEMA_VERSION, SQLITE } from '../schema.ts';

/** Milliseconds that a writer waits for another one. */
const BUSY = 30_000;
/** Prepared statements kept. */
const STATEMENTS = 256;

/** Words only: search/terms.ts has made them what they are. */
const INDEX = `CREATE VIRTUAL TABLE record_text USING fts5(
  terms, content='', contentless_delete=1, tokenize='ascii', detail=full)`;

export interface SqliteOptions {
  /** Make the file where there is none. */
  readonly create: boolean;
  readonly readOnly: boolean;
}

export class SqliteDatabase implements ArchiveDatabase {
  readonly kind = 'sqlite';
  readonly where: string;
  readonly #file: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  /** Transactions of this connection wait here for each other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Throws ArchiveError. */
  constructor(path: string, { create, readOnly }: SqliteOptions) {
    this.where = path;
    try {
      this.#file = new Database(path, {
        readonly: readOnly,
        fileMustExist: !create,
        timeout: BUSY,
      });
      this.#open(create, readOnly);
    } catch (error) {
      if (error instanceof ArchiveError) throw error;
      throw new ArchiveError(`${path}: the archive cannot be opened: ${messageOf(error)}`);
    }
  }

  #open(create: boolean, readOnly: boolean): void {
    const file = this.#file;
    file.defaultSafeIntegers(false);
    if (!readOnly) {
      file.pragma('journal_mode = WAL');
      file.pragma('synchronous = FULL');
      file.pragma('secure_delete = ON');
    }
    file.pragma('cache_size = -65536'); // KiB
    file.pragma('temp_store = MEMORY');
    if (this.#isEmpty()) {
      if (!create) throw new ArchiveError(`${this.where}: is not an archive of Sallyport`);
      file.transaction(() => {
        file.exec(`${recordTable(SQLITE)}, PRIMARY KEY (sequence))`);
        for (const statement of [...otherTables(SQLITE), ...RECORD_INDEXES, INDEX]) {
          file.exec(statement);
        }
        file.exec(`INSERT INTO record_text (record_text, rank) VALUES ('secure-delete', 1)`);
        const set = file.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
        set.run('schema', String(SCHEMA_VERSION));
      })();
    }
  }

  #isEmpty(): boolean {
    return (
      this.#file.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get() === undefined
    );
  }

  async rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.#statement(sql).all(...values) as Row[];
  }

  async *each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row> {
    // Prepared anew: one that is being read cannot be run a second time.
    yield* this.#file.prepare(sql).iterate(...values) as IterableIterator<Row>;
  }

  async run(sql: string, ...values: SqlValue[]): Promise<number> {
    return this.#statement(sql).run(...values).changes;
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly SqlValue[][],
  ): Promise<void> {
    const statement = this.#statement(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of rows) statement.run(...row);
  }

  transaction<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#transact(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #transact<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T> {
    this.#file.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(this);
      this.#file.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#file.inTransaction) this.#file.exec('ROLLBACK');
      throw error;
    }
  }

  matching({ phrases, prefixes }: IndexQuery) {
    const query = phrases
      .map((terms, n) => `"${terms.join(' ').replaceAll('"', '')}"${prefixes?.has(n) ? ' *' : ''}`)
      .join(' AND ');
    return {
      sql: 'record.sequence IN (SELECT rowid FROM record_text WHERE record_text MATCH ?)',
      values: [query],
    };
  }

  async index(rows: readonly { sequence: number; terms: string }[]): Promise<void> {
    const statement = this.#statement('INSERT INTO record_text (rowid, terms) VALUES (?, ?)');
    for (const { sequence, terms } of rows) statement.run(sequence, terms);
  }

  async unindex(sequences: readonly number[]): Promise<void> {
    const statement = this.#statement('DELETE FROM record_text WHERE rowid = ?');
    for (const sequence of sequences) statement.run(sequence);
  }

  async scrub(): Promise<void> {
    this.#file.exec(`INSERT INTO record_text (record_text) VALUES ('optimize')`);
    this.#file.exec('VACUUM');
    this.#file.pragma('wal_checkpoint(TRUNCATE)');
  }

  async close(): Promise<void> {
    this.#statements.clear();
    this.#file.close();
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
