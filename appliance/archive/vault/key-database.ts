/** keys.db, opened: several processes use it at a time, and what is deleted is overwritten. */
import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { giveToOwner } from '../evidence/home-file.ts';
import { KEY_TABLES } from './key-tables.ts';

/** Milliseconds that one process waits for another. */
const BUSY = 30_000;
const OWNER_ONLY = 0o600;

/** `create` makes the file where there is none. Throws what SQLite and the file system say. */
export function openKeyDatabase(path: string, create: boolean): Database.Database {
  const isNew = !existsSync(path);
  const file = new Database(path, { fileMustExist: !create, timeout: BUSY });
  try {
    chmodSync(path, OWNER_ONLY);
    file.pragma('journal_mode = WAL');
    file.pragma('synchronous = FULL');
    file.pragma('secure_delete = ON');
    if (isNew) file.transaction(() => file.exec(KEY_TABLES)).immediate();
    for (const name of ['', '-wal', '-shm']) {
      if (existsSync(path + name)) giveToOwner(path + name);
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Free pages and the log have nothing of what was destroyed or replaced. */
export function scrubKeyDatabase(file: Database.Database): void {
  file.exec('VACUUM');
  file.pragma('wal_checkpoint(TRUNCATE)');
}
