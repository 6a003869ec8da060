/** The token for the gateway at an address: from the file that was named, or where a local one leaves it. */
import { existsSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
 * Below the temporary folder, where all may write, only a file of our own is a token: no link, which
 * would have us tell a stranger what another file of ours says.
 */
function isTrusted(path: string, uid: number): boolean {
  if (!path.startsWith(tmpdir())) return true;
  const facts = lstatSync(path);
  return facts.isFile() && facts.uid === uid;
}
