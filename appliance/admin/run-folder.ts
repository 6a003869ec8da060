/**
 * Where a running gateway leaves what its tools need: the token of its admin server. The first of
 * RUNTIME_DIRECTORY (systemd), /run/sallyport (root), XDG_RUNTIME_DIR/sallyport, and a folder of this
 * user below the temporary one. Others may neither look into it nor have made it.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exit, systemErrorText, UserError } from '../cli/user-error.ts';

/** Best first. */
export function runFolderCandidates(environment: NodeJS.ProcessEnv, uid: number): string[] {
  const { RUNTIME_DIRECTORY: systemd, XDG_RUNTIME_DIR: user } = environment;
  const candidates: string[] = [];
  if (systemd) candidates.push(systemd.split(':')[0] ?? systemd);
  if (uid === 0) candidates.push('/run/sallyport');
  if (user) candidates.push(join(user, 'sallyport'));
  if (uid !== 0) candidates.push('/run/sallyport');
  candidates.push(join(tmpdir(), `sallyport-${uid}`));
  return candidates;
}

/** Makes the folder where it is missing. Throws UserError when none can be used. */
export function openRunFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const uid = process.getuid?.() ?? 0;
  let why = 'no folder to try';
  for (const folder of runFolderCandidates(environment, uid)) {
    const problem = problemWith(folder, uid);
    if (problem === undefined) return folder;
    why = `${folder}: ${problem}`;
  }
  throw new UserError(
    `no folder for the admin token: ${why}`,
    'Name a file with the token (admin.token-file), or set XDG_RUNTIME_DIR.',
    Exit.Failed,
  );
}

function problemWith(folder: string, uid: number): string | undefined {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) return systemErrorText(error) ?? String(error);
  }
  // Not followed: in a temporary folder a stranger may have put a link there first.
  const facts = lstatSync(folder);
  if (!facts.isDirectory()) return 'is not a folder';
  if (facts.uid !== uid) return 'belongs to somebody else';
  return (facts.mode & 0o022) === 0 ? undefined : 'others may write into it';
}
