/**
 * The process becomes an ordinary account, with the few capabilities it still needs.
 *
 * setuid(2) through the C library reaches every thread, and takes all capabilities from every thread but
 * the one that asked to keep them (PR_SET_KEEPCAPS is of a thread): data-plane workers that run already are
 * left with none. Threads started later begin with what this one has.
 *
 * Where the process was started as an ordinary account (systemd's User= and AmbientCapabilities=), there
 * is nothing to become; this thread gives up what it does not need, and threads started later with it.
 */
import { userInfo } from 'node:os';
import { failure, libc } from '../../src/capture/native/libc.ts';
import { UserError } from '../cli/user-error.ts';
import { type Account, findAccount } from './account.ts';
import { Capability } from './capability.ts';
import { type KeptCapabilities, keepOnly, narrowBounding } from './thread-capabilities.ts';

const PR_SET_KEEPCAPS = 8;

export interface Dropped {
  /** The account now. */
  readonly user: string;
  /** Still the superuser: no account was named. */
  readonly root: boolean;
}

/** Call in the main thread, when sockets are open. `user` undefined: only the capabilities go. */
export function dropPrivileges(user: string | undefined, kept: KeptCapabilities): Dropped {
  const uid = process.getuid?.();
  const account = user === undefined ? undefined : findAccount(user);
  if (account !== undefined && uid === 0 && account.uid !== 0) {
    become(account, kept);
  } else if (account !== undefined && uid !== account.uid) {
    throw new UserError(
      `cannot become ${account.name}: this process runs as ${userInfo().username}`,
      'Start it as root, or as that account with the capabilities it needs (systemd: User= and AmbientCapabilities=).',
    );
  }
  const root = process.getuid?.() === 0;
  if (root) keepAsRoot(kept);
  else keepOnly(kept);
  return { user: account?.name ?? userInfo().username, root };
}

function become(account: Account, kept: KeptCapabilities): void {
  narrowBounding([...kept.effective, ...(kept.permitted ?? []), ...(kept.passedOn ?? [])]);
  if (libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) !== 0) {
    throw new Error(`PR_SET_KEEPCAPS: ${failure()}`);
  }
  process.setgroups?.([...account.groups]);
  process.setgid?.(account.gid);
  process.setuid?.(account.uid);
}

/** Files of other accounts stay readable, as an administrator expects of root; nothing else of its power stays. */
function keepAsRoot(kept: KeptCapabilities): void {
  const effective = [...kept.effective, Capability.DacReadSearch];
  keepOnly({ ...kept, effective });
}
