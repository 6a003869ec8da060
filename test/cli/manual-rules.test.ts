/** What the manual shows of policy for what cannot be read is so: the rules, the event, the explanation. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './built-cli.ts';
import { runHere } from './run-here.ts';

const manual = readFileSync(join(ROOT, 'docs', 'manual.md'), 'utf8');
const [, section = ''] = /^## What cannot be read\n(.*?)^## /ms.exec(manual) ?? [];
const block = (kind: string) =>
  new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, 's').exec(section)?.[1] ?? '';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-manual-'));
  mkdirSync(join(folder, 'policy'));
  writeFileSync(join(folder, 'policy', 'messengers.yaml'), block('yaml'));
  writeFileSync(join(folder, 'event.json'), block('json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the rules are right, and their tests hold', async () => {
  const check = await runHere(['rules', 'check', join(folder, 'policy')]);
  expect(check.stdout).toMatch(/^1 file, 3 rules: no errors$/m);
  const tests = await runHere(['rules', 'test', join(folder, 'policy')]);
  expect(tests.stdout).toContain('2 tests, all hold');
});

test('the event is explained as shown', async () => {
  const policy = join(folder, 'policy');
  const { stdout } = await runHere([
    'rules',
    'explain',
    join(folder, 'event.json'),
    '--rules',
    policy,
  ]);
  const [command = '', ...shown] = block('console').split('\n');
  expect(command).toBe('$ sallyport rules explain event.json --rules policy/');
  expect(stdout.replaceAll(`${policy}/`, 'policy/').split('\n')).toEqual(shown);
});

test('every pack it names is there, and every pack is named', () => {
  const named = [...section.matchAll(/^\| `(\S+\.yaml)` \|/gm)].map(([, name = '']) => name);
  const there = readdirSync(join(ROOT, 'rules', 'packs', 'optional'));
  expect(named).toEqual(there.filter((name) => name.endsWith('.yaml')).sort());
});
