/** A whole file, written in scratch and moved to its place: hashed on the way, readable by its owner alone. */
import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { errorCode } from '../../cli/user-error.ts';

const PRIVATE_FILE = 0o600;

export interface WrittenFile {
  readonly size: number;
  readonly sha256: string;
  /** What load files know a document by. */
  readonly md5: string;
}

/** In place of what an interrupted run may have left there. Text is written as UTF-8. */
export async function writeDraft(
  path: string,
  content: string | AsyncIterable<string | Uint8Array>,
): Promise<WrittenFile> {
  const file = openNew(path);
  try {
    return typeof content === 'string' ? writeText(file, content) : await writeAll(file, content);
  } finally {
    closeSync(file);
  }
}

function writeText(file: number, text: string): WrittenFile {
  const octets = Buffer.from(text, 'utf8');
  write(file, octets);
  const sha256 = hash('sha256', octets, 'hex');
  return { size: octets.length, sha256, md5: hash('md5', octets, 'hex') };
}

async function writeAll(
  file: number,
  content: AsyncIterable<string | Uint8Array>,
): Promise<WrittenFile> {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let size = 0;
  for await (const part of content) {
    const octets = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    write(file, octets);
    sha256.update(octets);
    md5.update(octets);
    size += octets.length;
  }
  return { size, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}

function write(file: number, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', PRIVATE_FILE);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    rmSync(path);
    return openSync(path, 'wx', PRIVATE_FILE);
  }
}
