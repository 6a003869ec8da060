import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { loadServices } from './catalogue/load-services.ts';
import { checkRules } from './check/check-rules.ts';
import { knownServices } from './check/services.ts';
import { globMatches } from './lists/glob.ts';
import { loadRules } from './load.ts';
import { runTests } from './run-tests.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const FOLDER = new URL('packs/', import.meta.url).pathname;
const PACKS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

const { catalogue, diagnostics: faults } = loadServices([
  new URL('services/', import.meta.url).pathname,
]);
if (catalogue === undefined) throw new Error(faults.map(formatDiagnostic).join('\n'));
const SERVICES = knownServices(catalogue);

function failures(path: string): string[] {
  const { rules, diagnostics } = loadRules([path]);
  if (rules === undefined) return diagnostics.map(formatDiagnostic);
  expect(rules.policy.tests.length).toBeGreaterThan(2);
  return [
    ...[...diagnostics, ...checkRules(rules.policy, SERVICES)].map(formatDiagnostic),
    ...runTests(rules).flatMap(({ name, problems }) => problems.map((p) => `${name}: ${p}`)),
  ];
}

const OPTIONAL = `${FOLDER}optional/`;
const CHOICES = readdirSync(OPTIONAL).filter((name) => name.endsWith('.yaml'));

describe('the policies to choose from', () => {
  test('are all there, and none of them applies unless it is named', () => {
    expect(CHOICES).toHaveLength(5);
    const { files } = loadRules([FOLDER]);
    expect(files.filter((file) => file.includes('optional'))).toEqual([]);
  });

  test.each(CHOICES)('%s alone is right and its tests hold', (name) => {
    expect(failures(OPTIONAL + name)).toEqual([]);
  });

  test.each(CHOICES)('%s says in words what it can and cannot do', (name) => {
    const text = readFileSync(OPTIONAL + name, 'utf8');
    expect(text).toMatch(/^# \w.+\n#\n# - /);
    expect(text).toMatch(/^# .*[Ww]hat it can do:/m);
    expect(text).toMatch(/[Ww]hat\s+(# )?it cannot:/);
  });

  test('together they are right and all tests hold', () => {
    expect(failures(OPTIONAL)).toEqual([]);
  });

  test('beside those that always apply no name is there twice, and nothing is out of reach', () => {
    const { policy, diagnostics } = loadRules([FOLDER, OPTIONAL]);
    const doubts = policy === undefined ? [] : checkRules(policy, SERVICES);
    expect([...diagnostics, ...doubts].map(formatDiagnostic)).toEqual([]);
  });

  test('what is no messenger is on the list of other services, and no messenger is', () => {
    const { policy } = loadRules([`${OPTIONAL}50-approved-messengers.yaml`]);
    const list = policy?.lists.find(({ name }) => name === 'other-services');
    const listed = (service: string) =>
      list?.entries.some(({ value }) => globMatches(value, service)) ?? false;
    const wrong = [...SERVICES].filter(([id, { kind }]) => (kind !== 'messenger') !== listed(id));
    // Read, and no messengers either: the catalogue has no kind for them.
    expect(wrong.map(([id]) => id)).toEqual(['mqtt', 'sip']);
  });

  test('every relay and resolver of the catalogue is reported', () => {
    const { rules } = loadRules([`${OPTIONAL}45-evasion.yaml`]);
    for (const [service, { kind }] of SERVICES) {
      const event = Object.assign(new ImEvent('flow.identified'), { service, confidence: 'high' });
      const reported = rules?.judge(event).tags?.includes('evasion') === true;
      expect(reported, service).toBe(kind === 'evasion');
    }
  });

  test('pictures of networks with much besides are left alone, also of those to come', () => {
    const { rules } = loadRules([`${OPTIONAL}51-no-media.yaml`]);
    for (const [service, { kind }] of SERVICES) {
      const fields = { service, activity: 'media', confidence: 'high' } as const;
      const event = Object.assign(new ImEvent('flow.identified'), fields);
      if (kind === 'social') expect(rules?.judge(event).action, service).toBe('pass');
      if (kind === 'messenger') expect(rules?.judge(event).action, service).toBe('drop');
    }
  });
});

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
