/**
 * A file of an export that grows: written in blocks, hashed as it is written, readable by its owner alone.
 * Continued after an interruption, it is cut to where it was saved and hashed anew up to there.
 */
import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { ArchiveError } from '../archive-error.ts';

/** Characters gathered before they are written. */
const BLOCK = 256 * 1024;
const PRIVATE = 0o600;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

export class AppendFile {
  readonly path: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #pending = '';
  #size = 0;

  /** `keep`: octets of an earlier run that stay; undefined: the file is new. Throws what the file system says. */
  constructor(path: string, keep?: number) {
    this.path = path;
    const flags = keep === undefined ? O_CREAT | O_EXCL | O_RDWR : O_RDWR;
    this.#file = openSync(path, flags | O_NOFOLLOW, PRIVATE);
    if (keep !== undefined) this.#keep(keep);
  }

  /** Octets, those that wait to be written included. */
  get size(): number {
    this.flush();
    return this.#size;
  }

  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= BLOCK) this.flush();
  }

  octets(octets: Uint8Array): void {
    this.flush();
    this.#write(octets);
  }

  flush(): void {
    if (this.#pending === '') return;
    const octets = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#write(octets);
  }

  /** On the disk from here on. */
  save(): number {
    this.flush();
    fdatasyncSync(this.#file);
    return this.#size;
  }

  /** SHA-256 in hex of all that was written. Nothing may be written after; who made it sees that it is on the disk. */
  close(): string {
    this.flush();
    closeSync(this.#file);
    return this.#hash.digest('hex');
  }

  #write(octets: Uint8Array): void {
    this.#hash.update(octets);
    for (let at = 0; at < octets.length; ) {
      const written = writeSync(this.#file, octets, at, octets.length - at, this.#size);
      at += written;
      this.#size += written;
    }
  }

  #keep(size: number): void {
    if (fstatSync(this.#file).size < size) {
      throw new ArchiveError(
        `${this.path}: is shorter than when the export was interrupted`,
        'It was changed since: export anew, into another folder.',
      );
    }
    ftruncateSync(this.#file, size);
    const block = Buffer.allocUnsafe(BLOCK);
    while (this.#size < size) {
      const length = readSync(this.#file, block, 0, Math.min(BLOCK, size - this.#size), this.#size);
      if (length === 0) break;
      this.#hash.update(block.subarray(0, length));
      this.#size += length;
    }
  }
}
