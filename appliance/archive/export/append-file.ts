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

/** What an earlier run wrote of a file. */
export interface WrittenPart {
  /** Octets. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

export class AppendFile {
  readonly path: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #pending = '';
  #size = 0;

  /**
   * `keep`: what stays of an earlier run; undefined: the file is new. Throws what the file system says, and
   * ArchiveError where it is not what that run wrote.
   */
  constructor(path: string, keep?: WrittenPart) {
    this.path = path;
    const flags = keep === undefined ? O_CREAT | O_EXCL | O_RDWR : O_RDWR;
    this.#file = openSync(path, flags | O_NOFOLLOW, PRIVATE);
    try {
      if (keep !== undefined) this.#keep(keep);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
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
  save(): WrittenPart {
    this.flush();
    fdatasyncSync(this.#file);
    return { size: this.#size, sha256: this.#hash.copy().digest('hex') };
  }

  /** Closes it, and what waits to be written is not: it is of no use any more. */
  abandon(): void {
    this.#pending = '';
    closeSync(this.#file);
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

  #keep({ size, sha256 }: WrittenPart): void {
    if (fstatSync(this.#file).size < size) throw this.#changed();
    ftruncateSync(this.#file, size);
    const block = Buffer.allocUnsafe(BLOCK);
    while (this.#size < size) {
      const length = readSync(this.#file, block, 0, Math.min(BLOCK, size - this.#size), this.#size);
      if (length === 0) break;
      this.#hash.update(block.subarray(0, length));
      this.#size += length;
    }
    if (this.#hash.copy().digest('hex') !== sha256) throw this.#changed();
  }

  #changed(): ArchiveError {
    return new ArchiveError(
      `${this.path}: is not what the export had written when it was interrupted`,
      'It was changed since: export anew, into another folder.',
    );
  }
}
