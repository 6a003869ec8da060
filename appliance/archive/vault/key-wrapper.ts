/** What stands in keys.db by name, wrapped by the master key: made, opened, and wrapped again by another one. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import type { MasterKey, NewMaster } from './master-key.ts';
import { KEY_OCTETS, unwrapKey, wrapKey } from './wrapping.ts';

export const INDEX_KEY = 'index key';
/** Keys wrapped again between two looks into the table. */
const PAGE = 1000;

export interface MadeKey {
  readonly key: KeyObject;
  readonly wrapped: Uint8Array;
}

export function dataKeyName(number: number, subject: string): string {
  return `data key ${number}\n${subject}`;
}

export class KeyWrapper {
  readonly #path: string;
  readonly #file: Database.Database;
  readonly #master: MasterKey;

  constructor(path: string, file: Database.Database, master: MasterKey) {
    this.#path = path;
    this.#file = file;
    this.#master = master;
  }

  make(name: string): MadeKey {
    const key = randomBytes(KEY_OCTETS);
    return { key: createSecretKey(key), wrapped: wrapKey(this.#master.open(), name, key) };
  }

  /** Throws ArchiveError. */
  open(name: string, wrapped: Uint8Array): KeyObject {
    return createSecretKey(this.#unwrapped(this.#master.open(), name, wrapped));
  }

  /** All of them, by a new master key, which is put in the place of the old one. Returns how many data keys. */
  rewrap(next: NewMaster): number {
    return this.#file.transaction(() => this.#rewrap(next)).immediate();
  }

  #rewrap(next: NewMaster): number {
    const before = this.#master.open();
    const again = (name: string, wrapped: Buffer) =>
      wrapKey(next.key, name, this.#unwrapped(before, name, wrapped));
    const index = this.#file.prepare('SELECT wrapped FROM index_key').get() as
      | { wrapped: Buffer }
      | undefined;
    if (index !== undefined) {
      this.#file.prepare('UPDATE index_key SET wrapped = ?').run(again(INDEX_KEY, index.wrapped));
    }
    const page = this.#file.prepare(
      `SELECT number, subject, wrapped FROM data_key
       WHERE number > ? AND wrapped IS NOT NULL ORDER BY number LIMIT ${PAGE}`,
    );
    const update = this.#file.prepare('UPDATE data_key SET wrapped = ? WHERE number = ?');
    let count = 0;
    let last = 0;
    for (;;) {
      const rows = page.all(last) as { number: number; subject: string; wrapped: Buffer }[];
      if (rows.length === 0) break;
      for (const { number, subject, wrapped } of rows) {
        update.run(again(dataKeyName(number, subject), wrapped), number);
        last = number;
      }
      count += rows.length;
    }
    this.#master.put(next);
    return count;
  }

  #unwrapped(by: KeyObject, name: string, wrapped: Uint8Array): Buffer {
    const key = unwrapKey(by, name, wrapped);
    if (key !== undefined) return key;
    throw new ArchiveError(`${this.#path}: ${name.split('\n')[0]} is damaged: it does not unwrap`);
  }
}
