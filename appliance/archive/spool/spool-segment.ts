/**
 * One file of the spool: read while it is written, deleted when the database has all of it. Where the archive
 * encrypts, what is in it is sealed with a key of its own.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DataKey } from '../vault/data-keys.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import type { WrappedKey } from '../vault/wrapped-key.ts';
import { readSealedHeader, SEALED_HEADER, writeSealedHeader } from './sealed-header.ts';
import {
  readSegmentHeader,
  readSegmentName,
  SEGMENT_HEADER,
  type SegmentHeader,
  segmentName,
  writeSegmentHeader,
} from './segment-header.ts';
import { makeSegmentKey, openSegmentKey } from './segment-key.ts';
import { SegmentSeal } from './segment-seal.ts';

export class SpoolSegment {
  readonly path: string;
  readonly generation: number;
  /** Number of its first entry. */
  readonly first: number;
  /** Milliseconds since 1970. */
  readonly made: number;
  /** Of the spool; undefined: the header is damaged. */
  readonly spool: string | undefined;
  /** Octets that stand in it, the header included. */
  size: number;
  /** Where its first entry begins. */
  readonly start: number;
  readonly #fd: number;
  #seal: SegmentSeal | undefined;
  /** Of its key; undefined: it is plain, or its header is damaged. */
  readonly #wrapped: WrappedKey | undefined;

  private constructor(
    { path, fd, size }: SegmentFile,
    header: SegmentHeader | FromName,
    { start, seal, wrapped }: SegmentContent,
  ) {
    this.path = path;
    this.#fd = fd;
    this.generation = header.generation;
    this.first = header.first;
    this.made = header.made;
    this.spool = header.spool;
    this.size = size;
    this.start = start;
    this.#seal = seal;
    this.#wrapped = wrapped;
  }

  /** A new one, for its owner alone; sealed, where there is a key. Throws what the file system says. */
  static make(folder: string, header: SegmentHeader, by?: DataKey): SpoolSegment {
    const sealed = by === undefined ? undefined : makeSegmentKey(by, header);
    const form = sealed === undefined ? 'plain' : 'sealed';
    const path = join(folder, segmentName(header.generation, header.first, form));
    const octets =
      sealed === undefined
        ? writeSegmentHeader(header)
        : writeSealedHeader({ header, wrapped: sealed.wrapped });
    const fd = openSync(path, 'wx+', 0o600);
    try {
      const written = writeSync(fd, octets, 0, octets.length, 0);
      if (written < octets.length) throw new Error(`${path}: no room for its header`);
    } catch (error) {
      closeSync(fd);
      rmSync(path, { force: true });
      throw error;
    }
    const start = octets.length;
    return new SpoolSegment({ path, fd, size: start }, header, {
      start,
      seal: sealed === undefined ? undefined : new SegmentSeal(sealed.key),
      wrapped: sealed?.wrapped,
    });
  }

  /** One that a process before us wrote; undefined: the name is no segment's, or it cannot be read. */
  static open(folder: string, name: string): SpoolSegment | undefined {
    const named = readSegmentName(name);
    if (named === undefined) return undefined;
    const path = join(folder, name);
    let fd: number;
    try {
      fd = openSync(path, 'r');
    } catch {
      return undefined;
    }
    const { size, mtimeMs } = fstatSync(fd);
    const start = named.form === 'sealed' ? SEALED_HEADER : SEGMENT_HEADER;
    const octets = Buffer.alloc(start);
    const read = octets.subarray(0, readSync(fd, octets, 0, start, 0));
    const made = Math.floor(mtimeMs);
    const file = { path, fd, size };
    if (named.form === 'plain') {
      const spool = readSegmentHeader(read, 'plain')?.spool;
      return new SpoolSegment(file, { ...named, spool, made }, { start });
    }
    const found = readSealedHeader(read);
    // Without its header nobody will ever read it: it is damage, and not waited for.
    const seal = found === undefined ? new SegmentSeal(undefined) : undefined;
    const content = { start, seal, wrapped: found?.wrapped };
    return new SpoolSegment(file, { ...named, spool: found?.header.spool, made }, content);
  }

  get isSealed(): boolean {
    return this.#wrapped !== undefined || this.#seal !== undefined;
  }

  /** Its key has not been opened. */
  get isLocked(): boolean {
    return this.#wrapped !== undefined && this.#seal === undefined;
  }

  /** Opens its key. Throws ArchiveError: it cannot be opened, and what is in it waits. */
  unlock(keys: SpoolKeys | undefined): void {
    if (this.#seal !== undefined || this.#wrapped === undefined) return;
    const { spool = '', generation, first } = this;
    const identity = { spool, generation, first };
    this.#seal = new SegmentSeal(openSegmentKey(this.path, keys, this.#wrapped, identity));
  }

  /** undefined: it is plain. Throws ArchiveError: it is locked. */
  get seal(): SegmentSeal | undefined {
    if (this.isLocked) this.unlock(undefined);
    return this.#seal;
  }

  /** All of it, or an error; then what stood before stands. */
  append(octets: Buffer): void {
    try {
      for (let done = 0; done < octets.length; ) {
        done += writeSync(this.#fd, octets, done, octets.length - done, this.size + done);
      }
    } catch (error) {
      try {
        ftruncateSync(this.#fd, this.size);
      } catch {
        // What is torn is overwritten by the next entry, or known as torn by its check.
      }
      throw error;
    }
    this.size += octets.length;
  }

  /** What stands at `at`, at most `most` octets of it. */
  read(at: number, most: number): Buffer {
    const octets = Buffer.allocUnsafeSlow(Math.max(0, Math.min(most, this.size - at)));
    let done = 0;
    while (done < octets.length) {
      const read = readSync(this.#fd, octets, done, octets.length - done, at + done);
      if (read === 0) break; // somebody cut it short
      done += read;
    }
    return octets.subarray(0, done);
  }

  sync(): void {
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}

interface SegmentFile {
  readonly path: string;
  readonly fd: number;
  readonly size: number;
}

interface SegmentContent {
  readonly start: number;
  readonly seal?: SegmentSeal | undefined;
  readonly wrapped?: WrappedKey | undefined;
}

type FromName = Omit<SegmentHeader, 'spool'> & { readonly spool: string | undefined };
