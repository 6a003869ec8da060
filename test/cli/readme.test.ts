/** What the README shows is true: its policy is right, and its commands exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRules } from '../../rules/check/check-rules.ts';
import { rulesFromText } from '../../rules/load.ts';
import { runTests } from '../../rules/run-tests.ts';
import { ROOT } from './built-cli.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('the policy loads without a word, and its tests hold', () => {
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
  const { rules, policy, diagnostics } = rulesFromText(yaml, 'README.md');
  expect(diagnostics).toEqual([]);
  expect(policy && checkRules(policy)).toEqual([]);
  const results = rules === undefined ? [] : runTests(rules);
  expect(results.length).toBeGreaterThan(0);
  expect(results.flatMap(({ problems }) => problems)).toEqual([]);
});

test('every file it links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(5);
  const manual = readFileSync(join(ROOT, 'docs', 'manual.md'), 'utf8');
  for (const [, path = ''] of manual.matchAll(/\]\(([^)#:]+)\)/g)) links.push(join('docs', path));
  for (const path of links) expect(existsSync(join(ROOT, path)), path).toBe(true);
});
