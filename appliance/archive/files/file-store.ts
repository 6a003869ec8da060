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
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as immediately } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ArchiveError } from '../archive-error.ts';
import { FileSealer, SEALED_HEAD, unsealFile } from './file-cipher.ts';
import { PARTIAL_SUFFIX } from './kept-note.ts';

/** Octets read at a time. */
const PIECE = 256 * 1024;
/** Octets copied before others have their turn. */
const TURN = 4 << 20;
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
   * Takes a copy of `source`, sealed with `key` where there is one, in place of what was there. False: its
   * octets are not those of the digest and size; nothing is stored. Large files let others of this thread work.
   */
  async put(source: string, sha256: string, size: number, key?: Uint8Array): Promise<boolean> {
    const path = this.pathOf(sha256);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const partial = `${path}${PARTIAL_SUFFIX}`;
    const from = openSync(source, 'r');
    const into = openSync(partial, 'w', OWNER_ONLY);
    let right = false;
    try {
      right = await copied(from, into, key, sha256, size);
      if (right) await forced(into);
    } finally {
      closeSync(from);
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
  from: number,
  into: number,
  key: Uint8Array | undefined,
  sha256: string,
  size: number,
): Promise<boolean> {
  const hash = createHash('sha256');
  const sealer = key === undefined ? undefined : new FileSealer(key);
  if (sealer !== undefined) writeAll(into, SEALED_HEAD);
  const piece = Buffer.alloc(PIECE);
  let octets = 0;
  for (;;) {
    const read = readSync(from, piece);
    if (read === 0) break;
    octets += read;
    if (Math.floor(octets / TURN) !== Math.floor((octets - read) / TURN)) await immediately();
    const part = piece.subarray(0, read);
    hash.update(part);
    if (sealer === undefined) writeAll(into, part);
    else for (const sealed of sealer.write(part)) writeAll(into, sealed);
  }
  if (sealer !== undefined) writeAll(into, sealer.end());
  return octets === size && hash.digest('hex') === sha256;
}

/** As fsync does, in another thread: it may take seconds. */
const forced = promisify(fsync);

function writeAll(file: number, octets: Uint8Array): void {
  let at = 0;
  while (at < octets.length) at += writeSync(file, octets, at);
}

/** What was renamed into it is there after a crash of the machine, too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
