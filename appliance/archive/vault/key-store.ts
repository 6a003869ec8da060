/**
 * keys.db in the home folder: the keys that content is sealed with, each wrapped. Never in the database that
 * holds content, never in its backups; several processes use it at a time.
 *
 *     key-encryption key (file or service) wraps the master key, that wraps one data key for each subject
 */
import type { KeyObject } from 'node:crypto';
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import { type DataKey, type DataKeyCounts, DataKeys } from './data-keys.ts';
import { openKeyDatabase, scrubKeyDatabase } from './key-database.ts';
import type { KeyHolder } from './key-holder.ts';
import { INDEX_KEY, KeyWrapper } from './key-wrapper.ts';
import { MasterKey, newMaster } from './master-key.ts';

const VERSION = '1';

export interface KeyCounts extends DataKeyCounts {
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
  readonly #keys: KeyWrapper;
  readonly #data: DataKeys;

  /**
   * Without a holder nothing can be sealed or read, and keys can be counted and destroyed. `create` makes the
   * file where there is none. Throws ArchiveError.
   */
  constructor(path: string, holder: KeyHolder | undefined, { create = false } = {}) {
    this.path = path;
    try {
      this.#file = openKeyDatabase(path, create);
      this.#version = this.#file.prepare('PRAGMA data_version').pluck();
    } catch (error) {
      throw new ArchiveError(`${path}: the keys cannot be opened: ${messageOf(error)}`);
    }
    this.#master = new MasterKey(this.#file, path, holder);
    this.#keys = new KeyWrapper(path, this.#file, this.#master);
    this.#data = new DataKeys(path, this.#file, this.#keys);
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

  /** Of the search index; made where there is none. */
  indexKey(): KeyObject {
    const work = this.#file.transaction(() => {
      const row = this.#file.prepare('SELECT wrapped FROM index_key').get() as
        | { wrapped: Buffer }
        | undefined;
      if (row !== undefined) return this.#keys.open(INDEX_KEY, row.wrapped);
      const { key, wrapped } = this.#keys.make(INDEX_KEY);
      this.#file.prepare('INSERT INTO index_key (id, wrapped) VALUES (1, ?)').run(wrapped);
      return key;
    });
    return work.immediate();
  }

  /** The key that seals what comes of a subject; made where there is none. */
  current(subject: string): DataKey {
    return this.#data.current(subject);
  }

  /** undefined: it was destroyed. Throws ArchiveError: there never was one, or it does not open. */
  byNumber(number: number): DataKey | undefined {
    return this.#data.byNumber(number);
  }

  /** What comes is sealed with new keys: of one subject, or of all. Returns how many were retired. */
  retire(subject?: string): number {
    return this.#data.retire(subject);
  }

  /**
   * All keys of these subjects are gone from the file and, after `scrub`, its log: what they sealed cannot be read
   * again, here or in any backup. Returns how many were destroyed.
   */
  destroy(subjects: readonly string[]): number {
    return this.#data.destroy(subjects);
  }

  /** Whether any key was ever made for the subject, and is not destroyed. */
  has(subject: string): boolean {
    return this.#data.has(subject);
  }

  /** Free pages and the log have nothing of what was destroyed or replaced. */
  scrub(): void {
    scrubKeyDatabase(this.#file);
  }

  /** Wraps every key again: by a new master key, that `holder` wraps. Content stays as it is. Returns how many. */
  rewrap(holder: KeyHolder): number {
    const count = this.#keys.rewrap(newMaster(holder));
    this.scrub();
    return count;
  }

  counts(): KeyCounts {
    const master = this.#master.row;
    return {
      ...this.#data.counts(),
      wrapped: (master?.made ?? 0) * 1000,
      holder: master?.holder ?? undefined,
    };
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
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
