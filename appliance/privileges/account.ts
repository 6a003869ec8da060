/** The account a gateway becomes: passwd(5), then whatever else the box asks (LDAP, SSSD) through getent(1). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { UserError } from '../cli/user-error.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Every group it is in. */
  readonly groups: readonly number[];
}

/** `name`, or `name:group`. */
export function findAccount(wanted: string): Account {
  const [name = '', group] = wanted.split(':', 2);
  const line = lookUp('passwd', name);
  if (line === undefined) {
    throw new UserError(
      `there is no account ${name}`,
      `Make it: useradd --system --no-create-home --shell /usr/sbin/nologin ${name}`,
    );
  }
  const gid = group === undefined ? Number(line[3]) : groupNumber(group);
  return { name, uid: Number(line[2]), gid, groups: groupsOf(name, gid) };
}

/** As id(1) sees them; where there is none, only the account's own. */
function groupsOf(name: string, gid: number): number[] {
  const others = output('id', ['-G', name])?.split(' ').map(Number) ?? [];
  return [...new Set([gid, ...others])];
}

function groupNumber(name: string): number {
  const line = lookUp('group', name);
  if (line !== undefined) return Number(line[2]);
  throw new UserError(`there is no group ${name}`, `Make it: groupadd --system ${name}`);
}

function lookUp(database: 'passwd' | 'group', name: string): string[] | undefined {
  if (!/^[\w.][\w.-]*\$?$/.test(name)) return undefined;
  const lines = readFileSync(`/etc/${database}`, 'utf8').split('\n');
  const line = lines.find((candidate) => candidate.startsWith(`${name}:`));
  return (line ?? output('getent', [database, name]))?.split(':');
}

function output(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // It knows nothing of that name, or is not installed.
  }
}
