/**
 * The key that wraps all keys of keys.db, itself wrapped by the key-encryption key of a file or a service. Read again
 * where another process has rotated it.
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { ArchiveError } from '../archive-error.ts';
import type { KeyHolder } from './key-holder.ts';
import { KEY_OCTETS } from './wrapping.ts';

interface MasterRow {
  readonly id: number;
  readonly holder: string | null;
  readonly wrapped: Buffer;
  readonly proof: Buffer;
  readonly made: number;
}

/** A new one, wrapped already: a service that wraps may be slow, and nobody is to wait for it. */
export interface NewMaster {
  readonly key: KeyObject;
  readonly wrapped: Uint8Array;
  readonly holder: KeyHolder;
}

export function newMaster(holder: KeyHolder): NewMaster {
  const key = randomBytes(KEY_OCTETS);
  return { key: createSecretKey(key), wrapped: holder.wrap(key), holder };
}

export class MasterKey {
  readonly #file: Database.Database;
  readonly #path: string;
  readonly #holder: KeyHolder | undefined;
  #known: { readonly id: number; readonly key: KeyObject } | undefined;

  /** Without a holder it is there, and cannot be opened. */
  constructor(file: Database.Database, path: string, holder: KeyHolder | undefined) {
    this.#file = file;
    this.#path = path;
    this.#holder = holder;
  }

  get row(): MasterRow | undefined {
    return this.#file.prepare('SELECT * FROM master_key ORDER BY id DESC LIMIT 1').get() as
      | MasterRow
      | undefined;
  }

  /** Throws ArchiveError: there is none, or the holder has another one. */
  open(): KeyObject {
    const { row } = this;
    if (row === undefined) throw new ArchiveError(`${this.#path}: has no master key`);
    if (this.#known?.id === row.id) return this.#known.key;
    const holder = this.#holder;
    if (holder === undefined) throw new ArchiveError(`${this.#path}: no key was given to open it`);
    const key = createSecretKey(holder.unwrap(row.wrapped));
    if (!proofOf(key).equals(row.proof)) {
      throw new ArchiveError(`${holder.shown}: gave another key than that of this archive`);
    }
    this.#known = { id: row.id, key };
    return key;
  }

  /** In place of the one before; within a transaction. */
  put({ key, wrapped, holder }: NewMaster): void {
    this.#file.prepare('DELETE FROM master_key').run();
    this.#file
      .prepare('INSERT INTO master_key (holder, wrapped, proof, made) VALUES (?, ?, ?, ?)')
      .run(holder.id ?? null, wrapped, proofOf(key), Date.now());
  }
}

function proofOf(key: KeyObject): Buffer {
  return createHmac('sha256', key).update('sallyport master key proof').digest();
}
