/**
 * One process a spool. The lock is SQLite's own (fcntl(2) on Linux): it ends with the process that holds it,
 * however that ends, and two openings within one process exclude each other too.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UserError } from '../../cli/user-error.ts';

const LOCK_NAME = 'lock';

export class SpoolLock {
  readonly #file: Database.Database;

  /** Throws UserError where another process has it. */
  constructor(folder: string) {
    const path = join(folder, LOCK_NAME);
    closeSync(openSync(path, 'a', 0o600));
    this.#file = new Database(path, { timeout: 0 });
    try {
      this.#file.pragma('journal_mode = MEMORY');
      this.#file.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#file.close();
      if (!isBusy(error)) throw error;
      throw new UserError(
        `${folder}: another process archives through this spool`,
        'Stop it first, or give this one a home of its own (--archive-home, archive.home).',
      );
    }
  }

  release(): void {
    this.#file.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
