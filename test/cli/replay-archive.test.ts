import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { BuiltCli, ROOT } from './built-cli.ts';
import { runHere } from './run-here.ts';

const CAPTURE = join(ROOT, 'test/captures/irc-office.pcap');

let cli: BuiltCli;
beforeAll(() => {
  cli = new BuiltCli();
});
afterAll(() => {
  cli.remove();
});

async function events(path: string): Promise<number> {
  const archive = await openArchive(readTarget(path), { readOnly: true });
  try {
    const [row] = await archive.database.rows<{ events: number }>(
      `SELECT COUNT(*) AS events FROM record WHERE kind = 'event'`,
    );
    return row?.events ?? 0;
  } finally {
    await archive.close();
  }
}

test('everything that was replayed is in the archive when it ends, once for each run', {
  timeout: 120_000,
}, async () => {
  const archive = join(cli.folder, 'day.db');
  const jsonl = join(cli.folder, 'day.jsonl');
  for (const run of [1, 2]) {
    const args = ['replay', CAPTURE, '--archive', archive, '--events', jsonl, '--summary'];
    const { code, stdout } = await cli.run(args);
    expect(code).toBe(0);
    const lines = readFileSync(jsonl, 'utf8').trim().split('\n').length;
    expect(stdout).toContain(`${lines} events in the archive ${archive}`);
    expect(stdout).toContain(`sallyport archive verify --archive ${archive}`);
    expect(await events(archive)).toBe(run * lines);
  }
});

test('where it cannot be archived, nothing is replayed', async () => {
  const path = join(cli.folder, 'text.db');
  writeFileSync(path, 'this is no database at all, and longer than a header of one. '.repeat(20));
  const { code, stdout, stderr } = await cli.run(['replay', CAPTURE, '--archive', path]);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('is not an archive of Sallyport');
});

test('an archive whose home cannot be: one line, in our words, and what to do', async () => {
  writeFileSync(join(cli.folder, 'file'), '');
  const home = join(cli.folder, 'file/home');
  const named = ['--archive', join(cli.folder, 'n.db'), '--archive-home', home];
  const { code, stderr } = await cli.run(['replay', CAPTURE, ...named, '--summary']);
  expect(code).toBe(2);
  expect(stderr).toContain('n.db: cannot be opened: a part of the path is not a directory');
  expect(stderr).toContain(home);
  expect(stderr).not.toContain('ENOTDIR');
});

test('the example makes its archive anew, and leaves one that is not its own alone', {
  timeout: 120_000,
}, async () => {
  const cwd = join(cli.folder, 'example');
  mkdirSync(cwd);
  const args = ['replay', '--example', '--summary'];
  const first = await cli.run(args, { cwd });
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('npx sallyport archive search falcon --archive out/archive.db');
  const path = join(cwd, 'out/archive.db');
  const before = await events(path);
  expect((await cli.run(args, { cwd })).code).toBe(0);
  expect(await events(path)).toBe(before);
  rmSync(join(cwd, 'out/archive.db.d/EXAMPLE'));
  const third = await cli.run(args, { cwd });
  expect(third.code).toBe(2);
  expect(third.stderr).toContain('is not the archive of an example');
  expect(existsSync(path)).toBe(true);
});

test('--config: where it is archived, with which key, and how much of it', async () => {
  const folder = join(cli.folder, 'sealed');
  mkdirSync(folder);
  const config = join(folder, 'sallyport.yaml');
  const gateway = 'sallyport: 1\nmode: tap\ninterfaces: [eth0]\n';
  const key = join(folder, 'archive.key');
  expect(await runHere(['archive', 'keys', 'new-key', key])).toMatchObject({ code: 0, stderr: '' });
  writeFileSync(
    config,
    `${gateway}archive: { store: day.db, home: keys, encryption: { key-file: archive.key } }\n`,
  );
  const replay = ['replay', CAPTURE, '--summary', '--config'];
  const elsewhere = { env: { SALLYPORT_ARCHIVE: join(folder, 'another.db') } };
  const { code, stdout } = await cli.run([...replay, config], elsewhere);
  expect(code).toBe(0);
  expect(stdout).toContain(`sallyport archive verify --config ${config}`);
  expect(existsSync(join(folder, 'keys/keys.db'))).toBe(true);
  expect(readdirSync(folder).some((name) => name.startsWith('another'))).toBe(false);
  const stored = readdirSync(folder).filter((name) => name.startsWith('day.db'));
  for (const name of stored)
    expect(readFileSync(join(folder, name), 'latin1')).not.toContain('coffee');
  const search = ['archive', 'search', 'coffee'];
  expect((await runHere([...search, '--config', config])).stdout).toContain('[coffee]');
  const home = ['--archive', join(folder, 'day.db'), '--archive-home', join(folder, 'keys')];
  expect((await runHere([...search, ...home])).stderr).toContain('no key was given');
  expect((await runHere(['archive', 'verify', ...home])).code).toBe(0);
  const unread = await runHere(['archive', 'verify', '--index', ...home]);
  expect(unread).toMatchObject({ code: 1, stdout: '' }); // not: broken
  expect(unread.stderr).toContain('no key was given');

  writeFileSync(config, gateway);
  const without = await cli.run([...replay, config], elsewhere);
  expect(without).toMatchObject({ code: 2, stdout: '' });
  expect(without.stderr).toContain('has no archive');
});
