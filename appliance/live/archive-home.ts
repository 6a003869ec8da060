/** The folders of an archive, made for the account that the gateway becomes, before it becomes it. */
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type ArchiveTarget, homePaths } from '../archive/target.ts';
import { systemErrorText, UserError } from '../cli/user-error.ts';
import type { Account } from '../privileges/account.ts';

const OWNER_ONLY = 0o700;

/** `owner`: undefined, or not root: they are this process's own. Throws UserError. */
export function prepareArchiveHome(target: ArchiveTarget, owner: Account | undefined): void {
  const { folder, spool, incoming, files } = homePaths(target);
  const other = process.getuid?.() === 0 ? owner : undefined;
  if (target.kind === 'sqlite') {
    make(dirname(target.path), other);
    requireWritable(dirname(target.path), other, 'the archive');
    if (existsSync(target.path)) requireWritable(target.path, other, 'the archive');
  }
  make(folder, other);
  for (const one of [spool, incoming, files]) make(one, other);
  requireWritable(spool, other, 'the spool of the archive');
}

/** What is there stays as it is. */
function make(folder: string, owner: Account | undefined): void {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    if (first === undefined || owner === undefined) return;
    const steps = relative(first, folder)
      .split(sep)
      .filter((step) => step !== '');
    let path = first;
    for (const step of ['', ...steps]) {
      path = join(path, step);
      giveTo(path, owner);
    }
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(`${folder}: the folder of the archive cannot be made: ${why}`);
  }
}

/** Not through a link that somebody put in its place. */
function giveTo(folder: string, { uid, gid }: Account): void {
  const fd = openSync(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchmodSync(fd, OWNER_ONLY);
    fchownSync(fd, uid, gid);
  } finally {
    closeSync(fd);
  }
}

function requireWritable(path: string, account: Account | undefined, what: string): void {
  if (account === undefined || account.uid === 0) return;
  const { uid, gid, mode } = statSync(path);
  const groups = [account.gid, ...account.groups];
  const bit = uid === account.uid ? 0o200 : groups.includes(gid) ? 0o020 : 0o002;
  if ((mode & bit) !== 0) return;
  throw new UserError(
    `${path}: ${account.name} cannot write ${what} there`,
    `chown -R ${account.name} ${path}, or name another place (archive.store, archive.home).`,
  );
}
