import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { capturePath } from '../support/corpus.ts';
import { runHere } from './run-here.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-extract-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const office = capturePath('irc-office.pcap');

test('--extract writes what passed, with its digest and type', async () => {
  const folder = join(scratch, 'all');
  const { code, stdout, stderr } = await runHere(['replay', office, '--extract', folder]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/\d files \([\d.]+ kB\) extracted to .*all/);
  const lines = readFileSync(join(folder, 'files.jsonl'), 'utf8').trimEnd().split('\n');
  const files = lines.map((line) => JSON.parse(line));
  expect(files.length).toBeGreaterThan(0);
  expect(new Set(files.map(({ path }) => path))).toEqual(
    new Set(readdirSync(folder).filter((name) => name !== 'files.jsonl')),
  );
  for (const { path, event } of files) {
    const content = readFileSync(join(folder, path));
    expect(content.length).toBe(event.file.size - (event.file.offset ?? 0));
    if (event.file.sha256 === undefined) continue;
    expect(createHash('sha256').update(content).digest('hex')).toBe(event.file.sha256);
  }
  expect(files.map(({ event }) => event.file.mime)).toContain('application/pdf');
});

test('--extract-limit leaves large files out and says so', async () => {
  const folder = join(scratch, 'small');
  const args = ['replay', office, '--extract', folder, '--extract-limit', '1kB', '--summary'];
  const { code, stdout } = await runHere(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/0 files \(0 B\) extracted to .*; \d+ over the size limit/);
  expect(readdirSync(folder)).toEqual(['files.jsonl']);
});

test('an --extract-limit that is none, and a folder that is used, are usage errors', async () => {
  const folder = join(scratch, 'used');
  await runHere(['replay', office, '--extract', folder, '--summary']);
  const again = await runHere(['replay', office, '--extract', folder]);
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/holds the files of another run/);
  const wrong = await runHere(['replay', office, '--extract-limit', 'huge']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('Expected a size such as 10MB');
});

test('--by person joins what the directory knows of', async () => {
  const people = join(scratch, 'people.csv');
  writeFileSync(
    people,
    'name,department,groups,accounts\nAnna Larsen,,,xmpp:anna@office.example;irc:Anna_L\n',
  );
  const captures = [capturePath('xmpp-office.pcapng.gz'), office];
  const { code, stdout } = await runHere([
    ...['replay', ...captures, '--directory', people],
    ...['--by', 'person', '--no-rules'],
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/PEOPLE .* 1 person/);
  expect(stdout).toContain('xmpp:anna@office.example, irc:Anna_L');
  expect(stdout).toMatch(/Anna Larsen ↔ irc:Ben/);
  const lacking = await runHere(['replay', office, '--by', 'person']);
  expect(lacking.code).toBe(2);
  expect(lacking.stderr).toContain('no directory says who the people are');
});

test('events name the person behind the account', async () => {
  const people = join(scratch, 'anna.csv');
  writeFileSync(people, 'name,accounts\nAnna Larsen,irc:Anna_L\n');
  const { stdout } = await runHere(['replay', office, '--directory', people, '--json']);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const own = events.filter(({ kind, from }) => kind === 'message' && from === 'Anna_L');
  expect(own.length).toBeGreaterThan(0);
  expect(new Set(own.map(({ person }) => person))).toEqual(new Set(['Anna Larsen']));
});
