/** What the thread does with its connection: one order after the other. */
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import { scrubFile } from './scrub-file.ts';
import { sqliteError } from './sqlite-error.ts';
import { SqliteSession } from './sqlite-session.ts';
import type { SqliteOrder } from './thread-messages.ts';

/** Rows given at once, and octets of them, about. */
const PAGE_ROWS = 256;
const PAGE_OCTETS = 256 * 1024;

export class ThreadService {
  readonly #file: Database.Database;
  readonly #where: string;
  readonly #session: SqliteSession;
  readonly #cursors = new Map<number, AsyncIterator<unknown>>();
  #lastCursor = 0;
  /** Of what nobody waited for: the transaction cannot be committed. */
  #failed: { readonly error: unknown } | undefined;

  constructor(file: Database.Database, where: string) {
    this.#file = file;
    this.#where = where;
    this.#session = new SqliteSession(file, where);
  }

  /** The value of the reply. Rejects with what failed. */
  async do(order: SqliteOrder): Promise<unknown> {
    if (this.#failed !== undefined && order.type !== 'rollback' && order.type !== 'close') {
      throw this.#failed.error;
    }
    switch (order.type) {
      case 'begin':
        return this.#remembering(() => this.#begin(order.head));
      case 'commit':
        return this.#remembering(() => this.#exec('COMMIT'));
      case 'rollback':
        return this.#rollback();
      case 'rows':
        if (!this.#session.reads(order.sql)) this.#mustBeWithin();
        return this.#session.rows(order.sql, ...order.values);
      case 'run':
        this.#mustBeWithin();
        return this.#session.run(order.sql, ...order.values);
      case 'packed':
        return this.#remembering(() => this.#packed(order));
      case 'each':
        return this.#each(order);
      case 'next':
        return this.#page(order.cursor);
      case 'leave':
        return this.#leave(order.cursor);
      case 'scrub':
        return scrubFile(this.#file, this.#where);
      case 'close':
        return this.#close();
    }
  }

  /** What follows is sent before this one is answered. */
  #remembering(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed = { error };
      throw error;
    }
  }

  #begin(head: string | undefined): void {
    this.#exec('BEGIN IMMEDIATE');
    if (head === undefined) return;
    const found = this.#file.prepare("SELECT value FROM meta WHERE name = 'head'").pluck().get();
    if (found === head) return;
    throw new ArchiveError(
      `${this.#where}: another process wrote to it meanwhile`,
      undefined,
      true,
    );
  }

  #packed({ statement, rows }: Extract<SqliteOrder, { type: 'packed' }>): void {
    this.#mustBeWithin();
    this.#session.packed(statement, rows);
  }

  /** Each statement by itself would be committed. */
  #mustBeWithin(): void {
    if (!this.#file.inTransaction) throw new ArchiveError(`${this.#where}: no transaction is open`);
  }

  async #rollback(): Promise<void> {
    this.#failed = undefined;
    for (const cursor of [...this.#cursors.keys()]) await this.#leave(cursor);
    // A full disk may have ended it already.
    if (this.#file.inTransaction) this.#exec('ROLLBACK');
  }

  #each({ sql, values }: Extract<SqliteOrder, { type: 'each' }>): number {
    this.#lastCursor += 1;
    const rows = this.#session.each(sql, ...values)[Symbol.asyncIterator]();
    this.#cursors.set(this.#lastCursor, rows);
    return this.#lastCursor;
  }

  async #page(cursor: number): Promise<unknown[]> {
    const rows = this.#cursors.get(cursor);
    const page: unknown[] = [];
    for (let octets = 0; page.length < PAGE_ROWS && octets < PAGE_OCTETS; ) {
      const next = await rows?.next();
      if (next === undefined || next.done) break;
      page.push(next.value);
      octets += octetsIn(next.value);
    }
    return page;
  }

  async #leave(cursor: number): Promise<void> {
    const rows = this.#cursors.get(cursor);
    this.#cursors.delete(cursor);
    await rows?.return?.();
  }

  async #close(): Promise<void> {
    await this.#session.close();
    this.#file.close();
  }

  #exec(sql: string): void {
    try {
      this.#file.exec(sql);
    } catch (error) {
      throw sqliteError(error, this.#where);
    }
  }
}

function octetsIn(row: unknown): number {
  let octets = 0;
  for (const value of Object.values(Object(row))) {
    if (typeof value === 'string' || value instanceof Uint8Array) octets += value.length;
  }
  return octets;
}
