import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { loadRules, reloadRules } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

mkdirSync(join(folder, 'lists'));
write('20-second.yaml', 'sallyport: 1\nrules:\n  - { id: second, on: message, then: pass }\n');
write(
  '10-first.yaml',
  `sallyport: 1
directory: people.csv
lists: { blocked: { file: lists/blocked.txt } }
rules:
  - { id: first, on: message, if: { peer: { in: blocked } }, then: drop }
  - { id: sales, on: message, if: { user: { department: sales } }, also: { tag: sales } }
`,
);
write('lists/blocked.txt', '# who\nxmpp:*@evil.example   # all of them\r\n\r\n');
write(
  'people.csv',
  'name,groups,accounts,department\n"Martin, Alice",a;b,xmpp:alice@corp.example,sales\n',
);
write('notes.txt', 'not a rule file');

const message = Object.assign(new ImEvent('message'), {
  service: 'xmpp',
  origin: 'client',
  account: 'alice@corp.example',
  to: ['eve@evil.example'],
});

test('a folder is read by name, with the files that its files name', () => {
  const { rules, diagnostics, files } = loadRules([folder]);
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
    '10-first.yaml',
    '20-second.yaml',
    'people.csv',
    'lists/blocked.txt',
  ]);
  expect(rules?.policy.rules.map(({ id }) => id)).toEqual(['first', 'sales', 'second']);
  expect(rules?.judge(message)).toMatchObject({ action: 'drop', rule: 'first' });
  expect(rules?.policy.people[0]?.name).toBe('Martin, Alice');
});

test('a changed list is read anew and changes the hash', () => {
  const before = loadRules([folder]).rules;
  expect(loadRules([folder]).rules?.hash).toBe(before?.hash);
  expect(before?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  write('lists/blocked.txt', 'nobody@evil.example\n');
  const after = reloadRules(before, [folder]).rules;
  expect(after?.hash).not.toBe(before?.hash);
  expect(after?.state).toBe(before?.state);
  expect(after?.judge(message)).toMatchObject({ action: 'pass', rule: 'second', tags: ['sales'] });
});

test('what cannot be read is told', () => {
  const { rules, diagnostics } = loadRules([join(folder, 'none.yaml'), join(folder, 'lists')]);
  expect(rules).toBeUndefined();
  expect(diagnostics.map(({ what, hint }) => [what, hint])).toEqual([
    ['cannot read this', 'no such file'],
    ['no rule files (*.yaml) in this folder', undefined],
  ]);
});

test('what is no file is not waited for', () => {
  const { rules, diagnostics } = loadRules(['/dev/zero']);
  expect(rules).toBeUndefined();
  expect(diagnostics.map(formatDiagnostic)).toEqual([
    '/dev/zero:1:1: cannot read this file (not a regular file)',
  ]);
});

test('a directory with mistakes is refused at its lines', () => {
  const path = join(folder, 'bad.csv');
  writeFileSync(path, 'name,acounts\nAlice,alice\n');
  const { diagnostics } = loadRules([join(folder, '20-second.yaml')], { directory: path });
  expect(diagnostics.map((d) => formatDiagnostic(d).slice(folder.length + 1))).toEqual([
    "bad.csv:1:1: the directory knows no column 'acounts' (did you mean 'accounts'?)",
    "bad.csv:1:1: the directory lacks a column 'accounts'",
  ]);
});
