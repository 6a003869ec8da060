/** One rule for exit codes: 2 where the command line or configuration cannot be, 1 where what was tried failed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { runHere } from '../cli/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-exit-'));
const at = (name: string) => join(folder, name);
const CONFIG = at('only.yaml');

beforeAll(async () => {
  await (await openArchive(readTarget(at('a.db')), { create: true })).close();
  // Beside no gateway: relative to the file, and no more than the section of the archive.
  writeFileSync(CONFIG, 'archive:\n  store: a.db\n  retention: [{ days: 1 }]\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runHere(['archive', ...words]);

test('what is there already is never overwritten, and the command ends with 2', async () => {
  const commands = [
    ['backup', at('b.db'), '--config', CONFIG],
    ['restore', at('b.db'), '--archive', at('r.db')],
    ['keys', 'new-key', at('key')],
    ['hold', 'case-17', '--person', 'Alice', '--why', 'a request', '--config', CONFIG],
    ['report', '--out', at('r.txt'), '--config', CONFIG],
    ['export', at('e'), '--format', 'csv', '--config', CONFIG],
  ];
  for (const command of commands) {
    const first = await run(...command);
    expect(first.code, `${command}: ${first.stderr}`).toBe(0);
    const again = await run(...command);
    expect(again.code, `${command}: ${again.stderr}`).toBe(2);
    expect(again.stderr).toMatch(/already|not empty|there is a hold called/);
  }
});

test('1 where it was tried and failed, 2 where the configuration is wrong', async () => {
  expect((await run('info', '--archive', at('none.db'))).code).toBe(1);
  expect((await run('show', '@999999', '--config', CONFIG)).code).toBe(1);
  expect((await run('purge', '--dry-run', '--config', CONFIG)).code).toBe(0);
  const wrong = at('wrong.yaml');
  writeFileSync(wrong, 'archive:\n  store: a.db\n  kept: all\n');
  const refused = await run('info', '--config', wrong);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(`${wrong}:3:3:`);
});

test('retention by a group where there is no directory is a mistake of the configuration', async () => {
  const groups = at('groups.yaml');
  writeFileSync(
    groups,
    'archive:\n  store: a.db\n  retention: [{ group: traders, days: 9 }, { days: 1 }]\n',
  );
  const refused = await run('purge', '--config', groups);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('retention is by group (traders), and there is no directory');
});

test('a purge with --scrub says that it scrubbed, also where nothing was left to purge', async () => {
  const { code, stdout } = await run('purge', '--scrub', '--config', CONFIG);
  expect(code).toBe(0);
  expect(stdout).toContain('The database was written anew (--scrub).');
  expect((await run('purge', '--config', CONFIG)).stdout).not.toContain('--scrub');
});

test('a public key that is not there: one line, in our words', async () => {
  const key = at('none.pem');
  for (const command of [
    ['verify', '--config', CONFIG],
    ['verify-export', at('e')],
  ]) {
    const { code, stderr } = await run(...command, '--public-key', key);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`${key}: the public key cannot be read: no such file or directory`);
    expect(stderr).not.toContain('ENOENT');
  }
});

test('a new archive does not take the home of one that is gone; its backup does', async () => {
  const [path, backup] = [at('gone.db'), at('gone-backup.db')];
  const archive = await openArchive(readTarget(path), { create: true });
  await Signer.open(archive); // makes the key, as a gateway does
  await archive.close();
  expect((await run('info', '--archive', path)).code).toBe(0); // recorded, and signed
  expect((await run('backup', backup, '--archive', path)).code).toBe(0);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  await expect(openArchive(readTarget(path), { create: true })).rejects.toThrow(
    /gone\.db: would be new, and .*gone\.db\.d is the home of another archive, signed last at 20/,
  );
  expect((await run('restore', backup, '--archive', path)).code).toBe(0);
  await (await openArchive(readTarget(path), { create: true })).close();
});
