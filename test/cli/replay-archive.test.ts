import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { BuiltCli, ROOT } from './built-cli.ts';

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
