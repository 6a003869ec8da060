/** Connections that read what is committed, used again. */
import type Database from 'better-sqlite3';
import { openReader } from './sqlite-file.ts';
import { SqliteSession } from './sqlite-session.ts';

/** Connections that wait to read again. */
const KEPT = 2;

export interface Reader {
  readonly file: Database.Database;
  readonly session: SqliteSession;
}

export class ReaderPool {
  readonly #where: string;
  readonly #idle: Reader[] = [];
  #closed = false;

  constructor(where: string) {
    this.#where = where;
  }

  /** Throws ArchiveError. */
  take(): Reader {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const file = openReader(this.#where);
    return { file, session: new SqliteSession(file, this.#where) };
  }

  giveBack(reader: Reader): void {
    if (!this.#closed && this.#idle.length < KEPT) this.#idle.push(reader);
    else reader.file.close();
  }

  async use<T>(work: (session: SqliteSession) => Promise<T>): Promise<T> {
    const reader = this.take();
    try {
      return await work(reader.session);
    } finally {
      this.giveBack(reader);
    }
  }

  async *each<Row>(work: (session: SqliteSession) => AsyncIterable<Row>): AsyncIterable<Row> {
    const reader = this.take();
    try {
      yield* work(reader.session);
    } finally {
      this.giveBack(reader);
    }
  }

  /** Those that read now are closed when they are given back, or kept on where `forGood` is false. */
  close(forGood: boolean): void {
    this.#closed = forGood;
    for (const { file } of this.#idle.splice(0)) file.close();
  }
}
