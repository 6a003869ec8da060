/** The files that are read and written: by whoever starts the gateway, and later by the user that it becomes. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemErrorText } from '../../cli/user-error.ts';
import { type Account, findAccount } from '../../privileges/account.ts';
import { type Check, type Finding, fail, ok, type Subject, warn } from '../finding.ts';
import { shellWord } from '../shell-word.ts';

const READ = 4;
const WRITE = 2;
const ENTER = 1;

export const FILE_CHECK: Check = { area: 'Files', run: checkFiles };

function checkFiles({ settings }: Subject): Finding[] {
  const { policy, eventsFile, admin, user } = settings;
  const read = [
    ...(policy.rules ?? []),
    ...(policy.directory === undefined ? [] : [policy.directory]),
  ];
  const findings = read.map((path) => readable(path, `ls -l ${shellWord(path)}`));
  if (admin.tokenFile !== undefined) {
    const make = `(umask 077; openssl rand -hex 32 > ${shellWord(admin.tokenFile)})`;
    findings.push(readable(admin.tokenFile, make));
  }
  if (user === undefined) return findings;
  let account: Account;
  try {
    account = findAccount(user);
  } catch (error) {
    const fix = `useradd --system --no-create-home --shell /usr/sbin/nologin ${shellWord(user)}`;
    return [...findings, fail(error instanceof Error ? error.message : String(error), fix)];
  }
  for (const path of read) findings.push(...laterReadable(path, account));
  if (eventsFile !== undefined && eventsFile !== '-') {
    findings.push(...laterWritable(dirname(resolve(eventsFile)), account));
  }
  return findings;
}

function readable(path: string, fix: string): Finding {
  try {
    accessSync(path, constants.R_OK);
    return ok(`${path}: can be read`);
  } catch (error) {
    return fail(`${path}: ${systemErrorText(error) ?? String(error)}`, fix);
  }
}

/** Rules are loaded again by the user that the gateway has become. */
function laterReadable(path: string, account: Account): Finding[] {
  const barred = barrier(resolve(path), READ, account);
  if (barred === undefined) return [];
  return [
    warn(
      `${barred}: ${account.name} may not read it: rules cannot be loaded again`,
      `chgrp ${account.gid} ${shellWord(barred)} && chmod g+rX ${shellWord(barred)}`,
    ),
  ];
}

function laterWritable(folder: string, account: Account): Finding[] {
  const barred = barrier(folder, WRITE, account);
  if (barred === undefined) return [];
  return [
    warn(
      `${barred}: ${account.name} may not write there: the events file cannot be opened anew (logrotate)`,
      `chown ${shellWord(account.name)} ${shellWord(folder)}`,
    ),
  ];
}

/** The first folder on the way that the account may not enter, or the path itself; undefined: nothing bars it. */
function barrier(path: string, wanted: number, account: Account): string | undefined {
  const folders: string[] = [];
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) folders.unshift(at);
  for (const folder of folders) if (!may(folder, ENTER, account)) return folder;
  return may(path, wanted, account) ? undefined : path;
}

/** By owner, group and mode; what does not exist bars nobody: that is another finding. */
function may(path: string, wanted: number, { uid, groups }: Account): boolean {
  let facts: Stats;
  try {
    facts = statSync(path);
  } catch {
    return true;
  }
  if (uid === 0) return true;
  const shift = facts.uid === uid ? 6 : groups.includes(facts.gid) ? 3 : 0;
  const needed = facts.isDirectory() && wanted === READ ? READ | ENTER : wanted;
  return ((facts.mode >> shift) & needed) === needed;
}
