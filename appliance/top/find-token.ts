/** The token for the gateway at an address: from the file that was named, or where a local one leaves it. */
import { existsSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { isLoopback } from '../admin/access.ts';
import { runFolderCandidates } from '../admin/run-folder.ts';
import { readToken, tokenFileIn } from '../admin/token.ts';
import { Exit, UserError } from '../cli/user-error.ts';

/** Throws UserError where there is none. */
export function findToken(
  file: string | undefined,
  { address, port }: { readonly address: string; readonly port: number },
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (file !== undefined) return readToken(file);
  if (!isLoopback(address)) {
    throw new UserError(
      `${address}: the token of a gateway elsewhere is not known here`,
      'Copy the file that its admin.token-file names, and say --token-file FILE.',
    );
  }
  const uid = process.getuid?.() ?? 0;
  const files = runFolderCandidates(environment, uid).map((folder) => tokenFileIn(folder, port));
  const found = files.find((path) => existsSync(path) && isTrusted(path, uid));
  if (found !== undefined) return readToken(found);
  throw new UserError(
    `no gateway with an admin server on port ${port} was started by this user here`,
    'Started by root: use sudo. With a token of its own: --token-file FILE. Elsewhere: --admin ADDR:PORT.',
    Exit.Failed,
  );
}

/**
 * A file of our own, or of the account that its folder belongs to (a service's). No link: it would have us
 * tell whoever put it there what another file of ours says. Below the temporary folder, where all may write,
 * only our own.
 */
function isTrusted(path: string, uid: number): boolean {
  const facts = lstatSync(path);
  if (!facts.isFile()) return false;
  if (facts.uid === uid) return true;
  return !path.startsWith(tmpdir()) && facts.uid === lstatSync(dirname(path)).uid;
}
