/** Files of the home folder: whole or not there, and owned by whom the folder belongs to. */
import {
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../cli/user-error.ts';

/**
 * Makes the file unless there is one. Returns whether it was made: of two processes at once, one wins.
 * Throws what the file system says.
 */
export function makeHomeFile(path: string, octets: string | Uint8Array, mode: number): boolean {
  const draft = write(path, octets, mode);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

/** Puts the file in the place of what is there. */
export function replaceHomeFile(path: string, octets: string | Uint8Array, mode: number): void {
  renameSync(write(path, octets, mode), path);
  syncFolder(dirname(path));
}

/** Root may make the archive that the gateway writes as another user: what is made belongs to the folder's owner. */
export function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

function write(path: string, octets: string | Uint8Array, mode: number): string {
  const folder = dirname(path);
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
  const draft = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  const file = openSync(draft, 'wx', mode);
  try {
    writeSync(file, typeof octets === 'string' ? Buffer.from(octets) : octets);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  giveToOwner(draft);
  return draft;
}

/** Names in the folder are on the disk. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
