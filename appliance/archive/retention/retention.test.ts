import { describe, expect, test } from 'vitest';
import { absenceOf, MOST_RANGES, partsOf, runsOf } from './absence.ts';
import { type RetentionRule, RetentionRules, ruleText } from './retention-rules.ts';

const DAY = 86_400e6;
const NOW = Date.UTC(2026, 10, 26) * 1000;

const rule = (days: number, of: Partial<RetentionRule> = {}): RetentionRule => ({
  service: undefined,
  group: undefined,
  tag: undefined,
  days,
  ...of,
});

const RULES = [
  rule(2555, { tag: 'dlp' }),
  rule(2190, { group: 'traders' }),
  rule(30, { service: 'irc', tag: 'noise' }),
  rule(90, { service: 'irc' }),
  rule(365),
];
const GROUPS: Record<string, string[]> = { Tina: ['readers', 'traders'], Sam: ['sales'] };

interface Case {
  age: number;
  service?: string;
  tags?: string[];
  persons?: string[];
  rule: number | undefined;
}

describe('retention rules', () => {
  test.each<Case>([
    { age: 364, service: 'xmpp', rule: undefined },
    { age: 365, service: 'xmpp', rule: 4 },
    { age: 89, service: 'irc', rule: undefined },
    { age: 90, service: 'irc', rule: 3 },
    { age: 5000, service: 'irc', tags: ['dlp'], rule: 0 },
    { age: 2554, service: 'irc', tags: ['noise', 'dlp'], rule: undefined },
    { age: 30, service: 'irc', tags: ['noise'], rule: 2 },
    { age: 29, service: 'irc', tags: ['noise'], rule: undefined },
    { age: 400, service: 'xmpp', tags: ['noise'], rule: 4 },
    { age: 400, service: 'irc', persons: ['Tina'], rule: undefined },
    { age: 2190, service: 'irc', persons: ['Sam', 'Tina'], rule: 1 },
    { age: 400, persons: ['Sam'], rule: 4 },
    { age: 400, persons: ['Nobody we know'], rule: 4 },
  ])('%j', ({ age, service = null, tags = [], persons = [], rule: expected }) => {
    const rules = new RetentionRules(RULES, NOW, (person) => GROUPS[person] ?? []);
    const record = { service, tags: new Set(tags), persons: new Set(persons) };
    expect(rules.due({ ...record, time: NOW - age * DAY })).toBe(expected);
  });

  test('it goes in the microsecond in which it is old enough', () => {
    const rules = new RetentionRules([rule(90)], NOW);
    const at = (time: number) =>
      rules.due({ time, service: 'irc', tags: new Set(), persons: new Set() });
    expect(at(NOW - 90 * DAY)).toBe(0);
    expect(at(NOW - 90 * DAY + 1)).toBeUndefined();
  });

  test('where no rule fits it is kept for ever, and without rules all is', () => {
    const record = {
      time: 0,
      service: 'xmpp',
      tags: new Set<string>(),
      persons: new Set<string>(),
    };
    expect(new RetentionRules([rule(1, { service: 'irc' })], NOW).due(record)).toBeUndefined();
    expect(new RetentionRules([], NOW).due(record)).toBeUndefined();
    expect(new RetentionRules([], NOW).youngest).toBe(Number.NEGATIVE_INFINITY);
  });

  test('are told in words', () => {
    expect(RULES.map(ruleText)).toEqual([
      'tag dlp: 2555 days',
      'group traders: 2190 days',
      'service irc, tag noise: 30 days',
      'service irc: 90 days',
      'everything else: 365 days',
    ]);
  });
});

describe('absences', () => {
  const of = (...sequences: number[]) =>
    sequences.map((sequence) => ({ sequence, leaf: Buffer.alloc(32, sequence) }));

  test('ranges are as short as can be', () => {
    expect(absenceOf(of(1, 2, 3, 5, 7, 8)).ranges).toEqual(['1-3', '5', '7-8']);
    expect(absenceOf(of(4)).count).toBe(1);
    expect(runsOf([])).toEqual([]);
  });

  test('no audit record names more ranges than fit in 64 kB', () => {
    const scattered = Array.from({ length: 5000 }, (_, n) => ({ sequence: 2 ** 52 + 2 * n }));
    const parts = [...partsOf(scattered)];
    expect(parts.map(({ length }) => length)).toEqual([1000, 1000, 1000, 1000, 1000]);
    const leaves = (parts[0] ?? []).map((one) => ({ ...one, leaf: Buffer.alloc(32) }));
    expect(JSON.stringify(absenceOf(leaves)).length).toBeLessThan(65_536);
    const together = Array.from({ length: 5000 }, (_, n) => ({ sequence: n + 1 }));
    expect([...partsOf(together)].map(({ length }) => length)).toEqual([5000]);
    expect(parts.flat()).toEqual(scattered);
    expect(MOST_RANGES).toBe(1000);
  });
});
