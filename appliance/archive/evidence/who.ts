/** Who acts on the archive, as far as the operating system tells. */
import { hostname, userInfo } from 'node:os';

/** A name in the environment is a claim: no longer than this, in characters. */
const LONGEST_NAME = 64;

export interface Actor {
  /** `alice (uid 1000)`; `root (uid 0), sudo by alice (uid 1000)`; with the program: `…, sallyport archive search`. */
  readonly who: string;
  readonly host: string;
}

/**
 * The user of this process and, behind sudo, who called it. `SUDO_USER` is set by sudo, but root can set it to
 * anything: it is believed for no more than that.
 */
export function actor(program: string, env: NodeJS.ProcessEnv = process.env): Actor {
  const { username, uid } = user();
  const sudo = env.SUDO_USER;
  const behind =
    sudo === undefined || sudo === ''
      ? ''
      : `, sudo by ${shortened(sudo)}${/^\d{1,10}$/.test(env.SUDO_UID ?? '') ? ` (uid ${env.SUDO_UID})` : ''}`;
  return { who: `${username} (uid ${uid})${behind}, ${program}`, host: hostname() };
}

/** An account without a line in the system's list has a number only. */
function user(): { username: string; uid: number } {
  try {
    const { username, uid } = userInfo();
    return { username, uid };
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { username: '?', uid };
  }
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
