import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkRules } from './check/check-rules.ts';
import { loadRules } from './load.ts';
import { runTests } from './run-tests.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const FOLDER = new URL('packs/', import.meta.url).pathname;
const PACKS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

function failures(path: string): string[] {
  const { rules, diagnostics } = loadRules([path]);
  if (rules === undefined) return diagnostics.map(formatDiagnostic);
  expect(rules.policy.tests.length).toBeGreaterThan(2);
  return [
    ...[...diagnostics, ...checkRules(rules.policy)].map(formatDiagnostic),
    ...runTests(rules).flatMap(({ name, problems }) => problems.map((p) => `${name}: ${p}`)),
  ];
}

describe('the shipped policies', () => {
  test('are all there', () => expect(PACKS).toHaveLength(6));

  test.each(PACKS)('%s alone is right and its tests hold', (name) => {
    expect(failures(FOLDER + name)).toEqual([]);
  });

  test.each(PACKS)('%s says in words which policy it states', (name) => {
    expect(readFileSync(FOLDER + name, 'utf8')).toMatch(/^# \w.+\n#\n# - /);
  });

  test('together they are right and all tests hold', () => {
    expect(failures(FOLDER)).toEqual([]);
  });
});
