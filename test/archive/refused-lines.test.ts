/** Lines that could not be archived, read back: whole, harmless on a terminal, and recorded. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditTrail } from '../../appliance/archive/evidence/audit-trail.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { RefusedLines } from '../../appliance/archive/writer/refused-lines.ts';
import { runHere } from '../cli/run-here.ts';

const EVIL = '{"text":"\u001b[2J\u001b]0;owned\u0007 \u202egnp.exe"}\r';

let folder: string;
let where: string;
let spool: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refused-lines-'));
  where = join(folder, 'a.db');
  spool = `${where}.d/spool`;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runHere([
    'archive',
    'refused-lines',
    ...args,
    ...(args.includes('--config') ? [] : ['--archive', where]),
  ]);

it('are listed and shown, whole and harmless, and that is recorded', async () => {
  const archive = await openArchive(readTarget(where), { create: true });
  expect(await run()).toEqual({ code: 0, stdout: '0 lines\n', stderr: '' });
  const lines = new RefusedLines(spool);
  lines.add('no JSON', 'it is no event');
  lines.add(EVIL, 'SQLITE_CONSTRAINT:\u001b[31m no');
  lines.add('x'.repeat(100_000), 'too much');
  writeFileSync(lines.path, 'torn {"at":\n[1]\n{"at":1,"why":2}\n{"at":"a","why":"b"}\n', {
    flag: 'a',
  });
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain('it is no event\n        no JSON\n');
  expect(stdout).toContain('7 lines\n');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect((await run('--limit', '2')).stdout).toContain('2 lines; there are more (--limit)');

  const json = (await run('--json')).stdout.trimEnd().split('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  for (const line of json) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  const told = json.map((line) => JSON.parse(line));
  expect(told[1]).toMatchObject({ number: 2, line: EVIL, sealed: false });
  expect(told.slice(3).map(({ why, trouble }) => [why, trouble])).toEqual([
    ['damaged', 'it is no entry'],
    ['damaged', 'it is no entry'],
    ['damaged', 'it is no entry'],
    ['damaged', 'it has no line'],
  ]);
  const shown = await run('show', '2');
  expect(shown.stdout.split('\n')[1]).toBe('{"text":"␛[2J␛]0;owned␇ \\u{202e}gnp.exe"}␍');
  expect((await run('show', '3')).stdout).toContain('x'.repeat(100_000));
  expect(JSON.parse((await run('show', '2', '--json')).stdout).line).toBe(EVIL);
  expect(await run('show', '4')).toMatchObject({ code: 1, stdout: '' });
  expect((await run('show', '99')).stderr).toContain('has no line 99');
  expect((await run('show', '0')).code).toBe(2);

  const asked: unknown[] = [];
  for await (const { action, details } of auditTrail(archive.database, { action: ['read'] }))
    asked.push([action, details?.refusedLines]);
  expect(asked.slice(0, 2)).toEqual([
    ['read', 'all'],
    ['read', 'all'],
  ]);
  expect(asked).toContainEqual(['read', 2]);
  await archive.close();
});

it('are opened where they are sealed and the key is at hand', async () => {
  makeKeyFile(join(folder, 'kek'));
  const keyFile = join(folder, 'kek');
  const vault = openVault(
    readTarget(where),
    { keyFile, keyCommand: undefined, index: 'blind' },
    { create: true },
  );
  const archive = await openArchive(readTarget(where), { create: true, vault });
  new RefusedLines(spool, true).add(EVIL, 'it is no event', vault);
  await archive.close();
  const config = join(folder, 'sallyport.yaml');
  writeFileSync(
    config,
    'sallyport: 1\nmode: tap\ninterfaces: [lo]\narchive: { store: a.db, encryption: { key-file: kek } }\n',
  );
  const opened = await run('show', '1', '--json', '--config', config);
  expect(JSON.parse(opened.stdout)).toMatchObject({ line: EVIL, sealed: true });
  const without = await run();
  expect(without).toMatchObject({ code: 0, stderr: '' });
  expect(without.stdout).toContain(
    'it is no event\n        (content cannot be read: this archive is',
  );
  const refused = await run('show', '1');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('--config');
});

it('are not waited for where something else lies there', async () => {
  await (await openArchive(readTarget(where), { create: true })).close();
  new RefusedLines(spool).add('x', 'y');
  rmSync(join(spool, 'refused.jsonl'));
  execFileSync('mkfifo', [join(spool, 'refused.jsonl')]);
  expect((await run()).stderr).toContain('refused.jsonl: is no file');
});
