/** The octets of one transfer on their way into `incoming/`: as they pass, or sealed where the archive encrypts. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { DataKey } from '../vault/data-keys.ts';
import { FILE_KEY_OCTETS, FileSealer } from './file-cipher.ts';
import { makeNoteKey, type NoteKey } from './note-key.ts';
import { writeAll } from './write-all.ts';

const OWNER_ONLY = 0o600;

/**
 * A sealed one has a fresh key that is nowhere but in memory until `end`. No file is ever gone on with: who comes
 * after a crash deletes what is half written, and begins another with another key. So no nonce is used twice.
 */
export class IncomingFile {
  readonly #file: number;
  readonly #by: DataKey | undefined;
  readonly #key: Uint8Array | undefined;
  readonly #sealer: FileSealer | undefined;

  /** Makes the file. `by` wraps its key; undefined: it is plain. Throws what the file system says. */
  constructor(path: string, by: DataKey | undefined) {
    this.#file = openSync(path, 'wx', OWNER_ONLY);
    this.#by = by;
    if (by === undefined) return;
    this.#key = randomBytes(FILE_KEY_OCTETS);
    this.#sealer = new FileSealer(this.#key, (stored) => writeAll(this.#file, stored));
  }

  /** Octets are lent for the call. Throws what the file system says; then it is to be given up. */
  write(octets: Uint8Array): void {
    if (this.#sealer === undefined) writeAll(this.#file, octets);
    else this.#sealer.write(octets);
  }

  /** All was written; `id` is of its event. Its key, for its note; undefined: it is plain. Throws as `write` does. */
  end(id: string): NoteKey | undefined {
    this.#sealer?.end();
    if (this.#by === undefined || this.#key === undefined) return undefined;
    return makeNoteKey(this.#by, id, this.#key);
  }

  close(): void {
    closeSync(this.#file);
  }
}
