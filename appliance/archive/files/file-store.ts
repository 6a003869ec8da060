/**
 * Kept files by their SHA-256: `files/ab/cdef…`, each content once. A file stands under its name only when it
 * is whole, is what its digest says, and is on the disk.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ArchiveError } from '../archive-error.ts';
import { FileSealer, unsealFile } from './file-cipher.ts';
import { PARTIAL_SUFFIX } from './kept-note.ts';
import { PIECE } from './read-pieces.ts';
import { writeAll } from './write-all.ts';

const OWNER_ONLY = 0o600;

export class FileStore {
  readonly #folder: string;

  /** `folder`: `files/` of the archive; made with the first file. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ArchiveError(`${sha256}: is no SHA-256`);
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }

  has(sha256: string): boolean {
    return existsSync(this.pathOf(sha256));
  }

  /**
   * Stores the octets of `source`, sealed with `key` where there is one, in place of what was there. False: they
   * are not those of the digest and size, or do not open; nothing is stored.
   */
  async put(
    source: AsyncIterable<Uint8Array>,
    sha256: string,
    size: number,
    key?: Uint8Array,
  ): Promise<boolean> {
    const path = this.pathOf(sha256);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const partial = `${path}${PARTIAL_SUFFIX}`;
    const into = openSync(partial, 'w', OWNER_ONLY);
    let right = false;
    try {
      right = await copied(source, into, key, sha256, size);
      if (right) await forced(into);
    } finally {
      closeSync(into);
      if (!right) rmSync(partial, { force: true });
    }
    if (!right) return false;
    renameSync(partial, path);
    syncFolder(dirname(path));
    return true;
  }

  /** Its octets. They are checked as they come: throws ArchiveError at the end where the digest is another one. */
  async *read(sha256: string, key?: Uint8Array): AsyncIterable<Buffer> {
    const hash = createHash('sha256');
    const stored = createReadStream(this.pathOf(sha256), { highWaterMark: PIECE });
    for await (const part of key === undefined ? stored : unsealFile(key, stored)) {
      hash.update(part);
      yield part as Buffer;
    }
    if (hash.digest('hex') !== sha256) {
      throw new ArchiveError(`${this.pathOf(sha256)}: its octets are not those of its digest`);
    }
  }

  /** False: it was not there. */
  remove(sha256: string): boolean {
    const path = this.pathOf(sha256);
    if (!existsSync(path)) return false;
    rmSync(path);
    syncFolder(dirname(path));
    return true;
  }

  /** Digests of all files that are there, unordered, folder by folder. */
  *all(): Iterable<string> {
    for (const folder of foldersOf(this.#folder)) {
      for (const name of readdirSync(join(this.#folder, folder))) {
        if (/^[0-9a-f]{62}$/.test(name)) yield folder + name;
      }
    }
  }
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

async function copied(
  source: AsyncIterable<Uint8Array>,
  into: number,
  key: Uint8Array | undefined,
  sha256: string,
  size: number,
): Promise<boolean> {
  const hash = createHash('sha256');
  const put = (octets: Uint8Array) => writeAll(into, octets);
  const sealer = key === undefined ? undefined : new FileSealer(key, put);
  let octets = 0;
  try {
    for await (const part of source) {
      octets += part.length;
      hash.update(part);
      if (sealer === undefined) put(part);
      else sealer.write(part);
    }
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
  sealer?.end();
  return octets === size && hash.digest('hex') === sha256;
}

/** As fsync does, in another thread: it may take seconds. */
const forced = promisify(fsync);

/** What was renamed into it is there after a crash of the machine, too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
