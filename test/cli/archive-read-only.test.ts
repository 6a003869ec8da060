/** A backup on a medium that nobody can write to: it is read where it is, and that this is not recorded is said. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capturePath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { BuiltCli } from './built-cli.ts';
import { runHere } from './run-here.ts';

const need = needs({ root: true, tools: ['unshare', 'mount', 'setpriv'] });
const NOBODY = 65_534;
const SAID =
  /^sallyport: \S+b\.db: is on a read-only medium: that it is read is recorded nowhere\n/;
const READS: readonly (readonly string[])[] = [
  ['list'],
  ['search', 'offer'],
  ['show', '1'],
  ['info'],
  ['audit'],
  ['holds'],
  ['files'],
  ['report'],
  ['verify'],
];

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe.skipIf(need.skip)(`a read-only medium${need.why}`, { timeout: 120_000 }, () => {
  let cli: BuiltCli;
  let medium: string;
  let out: string;
  beforeAll(async () => {
    cli = new BuiltCli();
    chmodSync(cli.folder, 0o755);
    medium = join(cli.folder, 'medium');
    out = join(cli.folder, 'out');
    for (const folder of [medium, out]) mkdirSync(folder);
    chmodSync(out, 0o777);
    const at = (name: string) => join(medium, name);
    const archive = ['--archive', at('a.db')];
    await cli.run(['replay', capturePath('irc-office.pcap'), ...archive]);
    expect((await runHere(['archive', 'backup', at('b.db'), ...archive])).code).toBe(0);
  });
  afterAll(() => cli.remove());

  /** Where the folder is mounted read-only. */
  function mounted(...args: string[]): Ran {
    const mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
    const command = ['-m', 'sh', '-c', mount, medium, process.execPath, cli.main, 'archive'];
    return ran('unshare', [...command, ...args]);
  }

  /** By somebody who may read, in a folder that nobody may write to. */
  function asNobody(...args: string[]): Ran {
    const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    return ran('setpriv', [...ids, process.execPath, cli.main, 'archive', ...args]);
  }

  function ran(program: string, args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  test('is read, and nothing is claimed', () => {
    const before = readFileSync(join(medium, 'b.db'));
    for (const command of READS) {
      const { code, stdout, stderr } = mounted(...command, '--archive', join(medium, 'b.db'));
      expect(stderr, command.join(' ')).toMatch(SAID);
      expect(stderr.split('\n')).toHaveLength(2);
      expect(code, command.join(' ')).toBe(0);
      expect(stdout).not.toBe('');
    }
    const into = join(out, 'export');
    const exported = mounted(
      'export',
      into,
      '--format',
      'jsonl',
      '--archive',
      join(medium, 'b.db'),
    );
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stderr).toMatch(SAID);
    expect(readFileSync(join(into, 'records.jsonl'), 'utf8').split('\n').length).toBeGreaterThan(
      50,
    );
    const quiet = mounted('verify', '--read-only', '--archive', join(medium, 'b.db'));
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(medium, 'b.db')).equals(before)).toBe(true);
  });

  test('is not written to, and an archive that has a log is no backup', () => {
    const purge = mounted('purge', '--days', '1', '--archive', join(medium, 'b.db'));
    expect(purge).toMatchObject({ code: 1, stdout: '' });
    const list = mounted('list', '--archive', join(medium, 'a.db'));
    expect(list).toMatchObject({ code: 1, stdout: '' });
    expect(list.stderr).toMatch(
      /its folder cannot be written to .*\n.*What "archive backup" makes/,
    );
  });

  test('is one too where modes say so; a reader without rights has to be recorded', () => {
    const path = join(out, 'b.db');
    writeFileSync(path, readFileSync(join(medium, 'b.db')));
    execFileSync('chown', ['-R', '0:0', out]);
    chmodSync(out, 0o555);
    for (const [mode, code] of [
      [0o444, 0],
      [0o644, 1],
    ] as const) {
      chmodSync(path, mode);
      const list = asNobody('list', '--archive', path);
      expect(list.code, list.stderr).toBe(code);
      expect(SAID.test(list.stderr)).toBe(code === 0);
    }
    // Somebody writes to it: its log is there, and can be read.
    const used = join(out, 'used.db');
    writeFileSync(used, readFileSync(join(medium, 'a.db')));
    const writer = new Database(used);
    writer.exec('BEGIN IMMEDIATE; UPDATE meta SET value = value; COMMIT');
    for (const end of ['', '-wal', '-shm']) chmodSync(used + end, 0o444);
    expect(asNobody('list', '--archive', used)).toMatchObject({ code: 1, stdout: '' });
    writer.close();
    chmodSync(out, 0o777);
    chmodSync(path, 0o444);
    expect(asNobody('list', '--archive', path).stderr).not.toMatch(SAID);
  });
});
