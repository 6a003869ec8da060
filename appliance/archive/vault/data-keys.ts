/**
 * The keys that content is sealed with: one in use for each subject, those before it, and rows of those that were
 * destroyed, so that what they sealed is known as erased and not as damaged.
 */
import type { KeyObject } from 'node:crypto';
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import { dataKeyName, type KeyWrapper } from './key-wrapper.ts';
import { SPOOL_SUBJECT } from './spool-keys.ts';

/** Numbers are stored in 4 octets. */
const LAST_NUMBER = 2 ** 32 - 1;

export interface DataKey {
  readonly number: number;
  readonly key: KeyObject;
}

export interface DataKeyCounts {
  /** Persons and accounts: the spool is nobody. */
  readonly subjects: number;
  readonly current: number;
  readonly retired: number;
  readonly destroyed: number;
}

export class DataKeys {
  readonly #path: string;
  readonly #file: Database.Database;
  readonly #keys: KeyWrapper;

  constructor(path: string, file: Database.Database, keys: KeyWrapper) {
    this.#path = path;
    this.#file = file;
    this.#keys = keys;
  }

  /** The key that seals what comes of a subject; made where there is none. */
  current(subject: string): DataKey {
    const row = this.#find(subject);
    if (row !== undefined) return this.#opened(row.number, subject, row.wrapped);
    const work = this.#file.transaction(() => {
      const now = this.#find(subject);
      return now === undefined
        ? this.#make(subject)
        : this.#opened(now.number, subject, now.wrapped);
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
        `key ${number} is not in ${this.#path}`,
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

  /** All keys of these subjects. Returns how many were destroyed. */
  destroy(subjects: readonly string[]): number {
    const update = this.#file.prepare(
      'UPDATE data_key SET wrapped = NULL, destroyed = ? WHERE subject = ? AND destroyed IS NULL',
    );
    const work = this.#file.transaction(() =>
      subjects.reduce((sum, subject) => sum + update.run(Date.now(), subject).changes, 0),
    );
    return work.immediate();
  }

  /** Whether any key was ever made for the subject, and is not destroyed. */
  has(subject: string): boolean {
    return (
      this.#file
        .prepare('SELECT 1 FROM data_key WHERE subject = ? AND destroyed IS NULL LIMIT 1')
        .get(subject) !== undefined
    );
  }

  counts(): DataKeyCounts {
    return this.#file
      .prepare(
        `SELECT count(DISTINCT nullif(subject, ?)) AS subjects,
          coalesce(sum(retired IS NULL AND destroyed IS NULL), 0) AS current,
          coalesce(sum(retired IS NOT NULL AND destroyed IS NULL), 0) AS retired,
          coalesce(sum(destroyed IS NOT NULL), 0) AS destroyed FROM data_key`,
      )
      .get(SPOOL_SUBJECT) as DataKeyCounts;
  }

  #find(subject: string): { number: number; wrapped: Buffer } | undefined {
    return this.#file
      .prepare(
        'SELECT number, wrapped FROM data_key WHERE subject = ? AND retired IS NULL AND destroyed IS NULL',
      )
      .get(subject) as { number: number; wrapped: Buffer } | undefined;
  }

  /** Within a transaction. */
  #make(subject: string): DataKey {
    const number = Number(
      this.#file
        .prepare('INSERT INTO data_key (subject, made) VALUES (?, ?)')
        .run(subject, Date.now()).lastInsertRowid,
    );
    if (number > LAST_NUMBER) throw new ArchiveError(`${this.#path}: all key numbers are used up`);
    const { key, wrapped } = this.#keys.make(dataKeyName(number, subject));
    this.#file.prepare('UPDATE data_key SET wrapped = ? WHERE number = ?').run(wrapped, number);
    return { number, key };
  }

  #opened(number: number, subject: string, wrapped: Uint8Array): DataKey {
    return { number, key: this.#keys.open(dataKeyName(number, subject), wrapped) };
  }
}
