/** One file of the spool: read while it is written, deleted when the database has all of it. */
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
import {
  readSegmentHeader,
  readSegmentName,
  SEGMENT_HEADER,
  type SegmentHeader,
  segmentName,
  writeSegmentHeader,
} from './segment-header.ts';

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
  readonly #fd: number;

  private constructor(path: string, fd: number, header: SegmentHeader | FromName, size: number) {
    this.path = path;
    this.#fd = fd;
    this.generation = header.generation;
    this.first = header.first;
    this.made = header.made;
    this.spool = header.spool;
    this.size = size;
  }

  /** A new one, for its owner alone. Throws what the file system says. */
  static make(folder: string, header: SegmentHeader): SpoolSegment {
    const path = join(folder, segmentName(header.generation, header.first));
    const fd = openSync(path, 'wx+', 0o600);
    const octets = writeSegmentHeader(header);
    try {
      const written = writeSync(fd, octets, 0, octets.length, 0);
      if (written < octets.length) throw new Error(`${path}: no room for its header`);
    } catch (error) {
      closeSync(fd);
      rmSync(path, { force: true });
      throw error;
    }
    return new SpoolSegment(path, fd, header, SEGMENT_HEADER);
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
    const octets = Buffer.alloc(SEGMENT_HEADER);
    const read = readSync(fd, octets, 0, octets.length, 0);
    const spool = readSegmentHeader(octets.subarray(0, read))?.spool;
    return new SpoolSegment(path, fd, { ...named, spool, made: Math.floor(mtimeMs) }, size);
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

type FromName = Omit<SegmentHeader, 'spool'> & { readonly spool: string | undefined };
