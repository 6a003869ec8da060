/**
 * An archive that nobody can write to where it lies: a backup on a disc, or on a file system that is mounted
 * read-only. That it was read can be recorded there by nobody either.
 */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ArchiveTarget } from '../../archive/target.ts';
import { errorCode } from '../user-error.ts';

/** https://sqlite.org/fileformat2.html: which version reads it; 2: only with a log beside it. */
const READ_VERSION_AT = 19;
const WITHOUT_LOG = 1;
const ANY_WRITE = 0o222;

/**
 * False for an archive that is in use, or was: SQLite reads it only where it can make its log. So what can be read
 * without being recorded is a copy that `archive backup` made, and no archive that a gateway writes to.
 */
export function isOnReadOnlyMedium(target: ArchiveTarget): boolean {
  if (target.kind !== 'sqlite') return false;
  const { path } = target;
  try {
    return isForbidden(path) && readVersion(path) === WITHOUT_LOG;
  } catch {
    return false; // opening it tells what is wrong
  }
}

/** By the file system, or by the modes of file and folder together: a reader without rights is not enough. */
function isForbidden(path: string): boolean {
  const why = refusal(path);
  if (why === 'EROFS') return true;
  const isMarked = (statSync(path).mode & ANY_WRITE) === 0;
  return why !== undefined && isMarked && refusal(dirname(path)) !== undefined;
}

function refusal(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

function readVersion(path: string): number | undefined {
  const file = openSync(path, 'r');
  try {
    const octets = Buffer.alloc(READ_VERSION_AT + 1);
    readSync(file, octets, 0, octets.length, 0);
    return octets[READ_VERSION_AT];
  } finally {
    closeSync(file);
  }
}
