/**
 * What the box signed, outside of the database: a line a checkpoint in `checkpoints.jsonl` of the home folder.
 * A database that lost its end, or is an older copy of itself, is noticed by it.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../../cli/user-error.ts';
import type { Checkpoint } from '../contract.ts';
import { giveToOwner, makeHomeFile } from './home-file.ts';

/** A line: the checkpoint, and `at` of its envelope, which the signature covers. */
export interface CheckpointLine extends Checkpoint {
  readonly at: string;
}

const OWNER = 0o600;
/** Octets read at the end to find the last line: a line has some 400. */
const TAIL = 4096;

export function appendCheckpoints(path: string, lines: readonly CheckpointLine[]): void {
  if (lines.length === 0) return;
  const file = openSync(path, 'a', OWNER);
  try {
    const isNew = fstatSync(file).size === 0;
    writeSync(file, lines.map((line) => `${encodeLine(line)}\n`).join(''));
    fsyncSync(file);
    if (isNew) giveToOwner(path);
  } finally {
    closeSync(file);
  }
}

/** Makes the file where there is none. Throws what the file system says. */
export function beginCheckpoints(path: string): void {
  if (!existsSync(path)) makeHomeFile(path, '', OWNER);
}

/** The last whole line; undefined: there is none. Throws what the file system says. */
export function lastCheckpoint(path: string): CheckpointLine | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL));
    readSync(file, tail, 0, tail.length, size - tail.length);
    for (const text of tail.toString().split('\n').reverse()) {
      const line = decodeLine(text);
      if (line !== undefined) return line;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

function encodeLine({ archive, upTo, hash, at, key, signature }: CheckpointLine): string {
  return JSON.stringify({ archive, upTo, hash, at, key, signature });
}

/** undefined: it is no such line. */
export function decodeLine(text: string): CheckpointLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { archive, upTo, hash, at, key, signature } = value as Readonly<Record<string, unknown>>;
  if (typeof archive !== 'string' || !Number.isSafeInteger(upTo) || typeof hash !== 'string') {
    return undefined;
  }
  if (typeof at !== 'string' || typeof key !== 'string' || typeof signature !== 'string') {
    return undefined;
  }
  return { archive, upTo: Number(upTo), hash, at, key, signature };
}
