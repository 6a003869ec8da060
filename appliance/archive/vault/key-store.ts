/**
 * keys.db in the home folder: the keys that content is sealed with, each wrapped. Never in the database that
 * holds content, never in its backups; several processes use it at a time.
 *
 *     key-encryption key (file or service) wraps the master key, that wraps one data key for each subject
 *
 * A data key that is destroyed leaves its row, so that what it sealed is known as erased and not as damaged.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import type { KeyHolder } from './key-holder.ts';
import { KEY_TABLES } from './key-tables.ts';
import { MasterKey, newMaster } from './master-key.ts';
import { SPOOL_SUBJECT } from './spool-keys.ts';
import { KEY_OCTETS, unwrapKey, wrapKey } from './wrapping.ts';

/** Milliseconds that one process waits for another. */
const BUSY = 30_000;
/** Numbers are stored in 4 octets. */
const LAST_NUMBER = 2 ** 32 - 1;
const VERSION = '1';

export interface DataKey {
  readonly number: number;
  readonly key: KeyObject;
}

export interface KeyCounts {
  /** Persons and accounts: the spool is nobody. */
  readonly subjects: number;
  readonly current: number;
  readonly retired: number;
  readonly destroyed: number;
  /** Microseconds since 1970: since when the master key is wrapped as it is. */
  readonly wrapped: number;
  /** Of the key file; undefined: a command holds the key. */
  readonly holder: string | undefined;
}

export class KeyStore {
  readonly path: string;
  readonly #file: Database.Database;
  readonly #version: Database.Statement;
  #seen: unknown;
  readonly #master: MasterKey;

  /**
   * Without a holder nothing can be sealed or read, and keys can be counted and destroyed. `create` makes the
   * file where there is none. Throws ArchiveError.
   */
  constructor(path: string, holder: KeyHolder | undefined, { create = false } = {}) {
    this.path = path;
    try {
      const isNew = !existsSync(path);
      this.#file = new Database(path, { fileMustExist: !create, timeout: BUSY });
      chmodSync(path, 0o600);
      this.#file.pragma('journal_mode = WAL');
      this.#file.pragma('synchronous = FULL');
      this.#file.pragma('secure_delete = ON');
      if (isNew) this.#file.transaction(() => this.#file.exec(KEY_TABLES)).immediate();
      for (const name of ['', '-wal', '-shm']) {
        if (existsSync(path + name)) giveToOwner(path + name);
      }
      this.#version = this.#file.prepare('PRAGMA data_version').pluck();
      this.#master = new MasterKey(this.#file, path, holder);
    } catch (error) {
      throw new ArchiveError(`${path}: the keys cannot be opened: ${messageOf(error)}`);
    }
    try {
      if (holder !== undefined && create) this.#makeMaster(holder);
      if (holder !== undefined) this.#master.open();
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.#seen = this.#version.get();
  }

  /** Whether another process changed something since the last call. */
  changed(): boolean {
    const version = this.#version.get();
    if (version === this.#seen) return false;
    this.#seen = version;
    return true;
  }

  /** Of the search index. */
  indexKey(): KeyObject {
    const work = this.#file.transaction(() => {
      const row = this.#file.prepare('SELECT wrapped FROM index_key').get() as
        | { wrapped: Buffer }
        | undefined;
      if (row !== undefined) return this.#unwrap('index key', row.wrapped);
      const key = randomBytes(KEY_OCTETS);
      const wrapped = wrapKey(this.#master.open(), 'index key', key);
      this.#file.prepare('INSERT INTO index_key (id, wrapped) VALUES (1, ?)').run(wrapped);
      return createSecretKey(key);
    });
    return work.immediate();
  }

  /** The key that seals what comes of a subject; made where there is none. */
  current(subject: string): DataKey {
    const find = this.#file.prepare(
      'SELECT number, wrapped FROM data_key WHERE subject = ? AND retired IS NULL AND destroyed IS NULL',
    );
    const found = () => find.get(subject) as { number: number; wrapped: Buffer } | undefined;
    const row = found();
    if (row !== undefined) return this.#opened(row.number, subject, row.wrapped);
    const work = this.#file.transaction(() => {
      const now = found();
      if (now !== undefined) return this.#opened(now.number, subject, now.wrapped);
      const number = Number(
        this.#file
          .prepare('INSERT INTO data_key (subject, made) VALUES (?, ?)')
          .run(subject, Date.now()).lastInsertRowid,
      );
      if (number > LAST_NUMBER) throw new ArchiveError(`${this.path}: all key numbers are used up`);
      const key = randomBytes(KEY_OCTETS);
      const wrapped = wrapKey(this.#master.open(), purpose(number, subject), key);
      this.#file.prepare('UPDATE data_key SET wrapped = ? WHERE number = ?').run(wrapped, number);
      return { number, key: createSecretKey(key) };
    });
    return work.immediate();
  }

  /** undefined: it was destroyed. Throws ArchiveError: there never was one, or it does not open. */
  byNumber(number: number): DataKey | undefined {
    const row = this.#file
      .prepare('SELECT subject, wrapped, destroyed FROM data_key WHERE number = ?')
      .get(number) as
      | { subject: string; wrapped: Buffer | null; destroyed: number | null }
      | undefined;
    if (row === undefined) {
      throw new ArchiveError(
        `key ${number} is not in ${this.path}`,
        'It is of another archive, or older than this archive: restore the newest copy of keys.db.',
      );
    }
    if (row.wrapped === null) return undefined;
    return this.#opened(number, row.subject, row.wrapped);
  }

  /** What comes is sealed with new keys: of one subject, or of all. Returns how many were retired. */
  retire(subject?: string): number {
    const where = subject === undefined ? '' : ' AND subject = ?';
    return this.#file
      .prepare(
        `UPDATE data_key SET retired = ? WHERE retired IS NULL AND destroyed IS NULL${where}`,
      )
      .run(Date.now(), ...(subject === undefined ? [] : [subject])).changes;
  }

  /**
   * All keys of these subjects are gone from the file and its log: what they sealed cannot be read again, here
   * or in any backup. Returns how many were destroyed.
   */
  destroy(subjects: readonly string[]): number {
    const update = this.#file.prepare(
      'UPDATE data_key SET wrapped = NULL, destroyed = ? WHERE subject = ? AND destroyed IS NULL',
    );
    const work = this.#file.transaction(() =>
      subjects.reduce((sum, subject) => sum + update.run(Date.now(), subject).changes, 0),
    );
    return work.immediate();
  }

  /** Free pages and the log have nothing of what was destroyed or replaced. */
  scrub(): void {
    this.#file.exec('VACUUM');
    this.#file.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** Wraps every key again: by a new master key, that `holder` wraps. Content stays as it is. Returns how many. */
  rewrap(holder: KeyHolder): number {
    const next = newMaster(holder);
    const work = this.#file.transaction(() => {
      const before = this.#master.open();
      const again = (name: string, wrapped: Buffer) => {
        const plain = unwrapKey(before, name, wrapped);
        if (plain === undefined) throw this.#broken(name);
        return wrapKey(next.key, name, plain);
      };
      const index = this.#file.prepare('SELECT wrapped FROM index_key').get() as
        | { wrapped: Buffer }
        | undefined;
      if (index !== undefined) {
        this.#file
          .prepare('UPDATE index_key SET wrapped = ?')
          .run(again('index key', index.wrapped));
      }
      const page = this.#file.prepare(
        'SELECT number, subject, wrapped FROM data_key WHERE number > ? AND wrapped IS NOT NULL ORDER BY number LIMIT 1000',
      );
      const update = this.#file.prepare('UPDATE data_key SET wrapped = ? WHERE number = ?');
      let count = 0;
      let last = 0;
      for (;;) {
        const rows = page.all(last) as { number: number; subject: string; wrapped: Buffer }[];
        if (rows.length === 0) break;
        for (const { number, subject, wrapped } of rows) {
          update.run(again(purpose(number, subject), wrapped), number);
          last = number;
        }
        count += rows.length;
      }
      this.#master.put(next);
      return count;
    });
    const count = work.immediate();
    this.scrub();
    return count;
  }

  counts(): KeyCounts {
    const row = this.#file
      .prepare(
        `SELECT count(DISTINCT nullif(subject, ?)) AS subjects,
          coalesce(sum(retired IS NULL AND destroyed IS NULL), 0) AS current,
          coalesce(sum(retired IS NOT NULL AND destroyed IS NULL), 0) AS retired,
          coalesce(sum(destroyed IS NOT NULL), 0) AS destroyed FROM data_key`,
      )
      .get(SPOOL_SUBJECT) as Omit<KeyCounts, 'wrapped' | 'holder'>;
    const master = this.#master.row;
    return {
      ...row,
      wrapped: (master?.made ?? 0) * 1000,
      holder: master?.holder ?? undefined,
    };
  }

  /** Whether any key was ever made for the subject, and is not destroyed. */
  has(subject: string): boolean {
    return (
      this.#file
        .prepare('SELECT 1 FROM data_key WHERE subject = ? AND destroyed IS NULL LIMIT 1')
        .get(subject) !== undefined
    );
  }

  meta(name: string): string | undefined {
    return this.#file.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as
      | string
      | undefined;
  }

  putMeta(name: string, value: string): void {
    this.#file.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
  }

  close(): void {
    this.#file.close();
  }

  #makeMaster(holder: KeyHolder): void {
    if (this.#master.row !== undefined) return;
    // Outside of the transaction: a service may be slow.
    const master = newMaster(holder);
    const work = this.#file.transaction(() => {
      if (this.#master.row === undefined) this.#master.put(master);
      this.putMeta('version', VERSION);
    });
    work.immediate();
  }

  #opened(number: number, subject: string, wrapped: Uint8Array): DataKey {
    return { number, key: this.#unwrap(purpose(number, subject), wrapped) };
  }

  #unwrap(name: string, wrapped: Uint8Array): KeyObject {
    const key = unwrapKey(this.#master.open(), name, wrapped);
    if (key === undefined) throw this.#broken(name);
    return createSecretKey(key);
  }

  #broken(name: string): ArchiveError {
    return new ArchiveError(`${this.path}: ${name.split('\n')[0]} is damaged: it does not unwrap`);
  }
}

function purpose(number: number, subject: string): string {
  return `data key ${number}\n${subject}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
