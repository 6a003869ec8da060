import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
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

  test('what one of them stops or masks is still recorded, and its words reported', () => {
    const { rules } = loadRules([FOLDER]);
    const say = (text: string, to: string) => {
      const fields = { service: 'xmpp', origin: 'client', account: 'alice@corp.example' } as const;
      return rules?.judge(Object.assign(new ImEvent('message'), fields, { text, to: [to] }));
    };
    expect(say('project falcon, or I will kill you', 'eve@else.example')).toMatchObject({
      action: 'drop',
      rule: 'no-company-terms-to-outsiders',
      archive: 'full',
      tags: ['conduct', 'threat', 'confidential'],
    });
    expect(say('4111111111111111', 'eve@else.example')).toMatchObject({
      action: 'redact',
      archive: 'full',
    });
    expect(say('hi', 'x@evil.example')).toMatchObject({ action: 'drop', archive: 'full' });
    expect(say('hi', 'carol@corp.example')).toMatchObject({ action: 'pass', archive: 'full' });
  });

  test('together they are right and all tests hold', () => {
    expect(failures(FOLDER)).toEqual([]);
  });
});
