/** The compiled judge against the plain meaning of the language. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import type { EventKind } from '../src/event/kinds.ts';
import { Directory } from './directory/directory.ts';
import { IdentitySet } from './lists/identity-set.ts';
import { rulesFromText } from './load.ts';
import { EventView } from './match/event-view.ts';
import { formatDiagnostic } from './source/diagnostic.ts';
import { JudgeState } from './state/judge-state.ts';
import { judgeNaively } from './testing/naive-judge.fixture.ts';

const LISTS = {
  friends: { contacts: ['xmpp:*@partner.example', 'irc:Bob[1]', 'carol', '?ve@*', 'msn:d*e*'] },
  bad: { extensions: ['exe', '.scr', 'BAT'] },
  terms: { words: ['falcon', 'project falcon', 'harass*', '*port', 'a.b', 'ß', 'fal con'] },
  hosts: { values: ['chat.example', '*.im.example'] },
  nets: { cidrs: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'] },
};
const SCHEDULES = {
  day: { timezone: 'Europe/Paris', days: ['mon', 'wed'], from: '08:00', until: '18:00' },
  night: { timezone: 'America/New_York', from: '22:00', until: '06:00' },
};

const identity = fc.constantFrom(
  'alice@corp.example',
  'Bob@Partner.example',
  'bob[1]',
  'BOB{1}',
  'carol',
  'eve@evil.example',
  'dave',
);
const service = fc.constantFrom('xmpp', 'irc', 'msn');
const word = fc.constantFrom(
  'falcon',
  'FALCON',
  'project',
  'f a l c o n',
  'f-a-l-c-o-n',
  'fаlcon', // Cyrillic a
  'fal\u200bcon',
  'falconer',
  'export',
  'harassing',
  'a.b',
  'strasse ß',
  'x',
  '4111 1111 1111 1111',
  'ｆａｌｓ',
  'e\u0301xe',
  '',
);
const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const fileName = fc.constantFrom('a.exe', 'B.BAT', 'plan.pdf', 'x.pdf.exe ', 'README', 'a.b.scr.');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const strings = (values: fc.Arbitrary<string>, list: string) =>
  fc.oneof(
    values,
    fc.array(values, { minLength: 1, maxLength: 3 }),
    fc.constant({ in: list }),
    fc.constant({ 'not-in': list }),
    values.map((v) => ({ not: v })),
    values.map((v) => ({ glob: `*${v.slice(1, 4)}*` })),
    values.map((v) => ({ glob: `${v.slice(0, 2)}?*` })),
    fc.tuple(values, fc.boolean()).map(([v, c]) => ({ contains: v.slice(0, 3) || 'x', case: c })),
    values.map((v) => ({ starts: v.slice(0, 2) || 'x' })),
    fc.tuple(values, fc.boolean()).map(([v, c]) => ({ ends: v.slice(-3) || 'x', case: c })),
    fc.constantFrom(
      { regex: 'fal(con|l)s?' },
      { regex: '^[a-c].*e' },
      { regex: '(?i)BOB|eve+' },
      { regex: '^fals$' },
    ),
  );

const leaf: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  strings(identity, 'friends').map((peer) => ({ peer })),
  strings(identity, 'friends').map((from) => ({ from })),
  strings(identity, 'friends').map((to) => ({ to })),
  service.map((s) => ({ service: s })),
  fc.constantFrom('client', 'server').map((origin) => ({ origin })),
  fc.constantFrom('internal', 'external').map((boundary) => ({ boundary })),
  fc
    .oneof(
      strings(
        word.filter((w) => w !== ''),
        'hosts',
      ),
      fc.integer({ min: 1, max: 3 }).map((n) => ({ words: 'terms', 'at-least': n })),
      fc.constant({ pattern: 'payment-card' }),
    )
    .map((t) => ({ text: t })),
  fc.integer({ min: 0, max: 40 }).map((n) => ({ 'text.length': { over: n } })),
  fc.constantFrom({ in: 'bad' }, { 'not-in': 'bad' }, 'exe').map((e) => ({ 'file.extension': e })),
  fc.constantFrom({ between: [5, '2kB'] }, { under: 10 }, 10).map((s) => ({ 'file.size': s })),
  fc
    .constantFrom({ in: 'nets' }, { 'not-in': 'nets' }, '10.1.0.0/16')
    .map((n) => ({ 'flow.client': n })),
  fc.constantFrom('day', { not: 'night' }, ['day', 'night']).map((when) => ({ when })),
  fc.constantFrom('room', 'direct', { not: 'room' }).map((route) => ({ route })),
  fc.constantFrom({ 'user.group': 'staff' }, { user: { department: 'sales' } }, { user: 'Alice' }),
  fc.boolean().map((copy) => ({ copy })),
);
const condition: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{ c: Record<string, unknown> }>(
  (tie) => ({
    c: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })),
      fc.array(tie('c'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('c'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('c').map((not) => ({ not })),
    ),
  }),
).c;
const THEN = 'then'; // not written as a key: a linter takes such objects for promises
const rule = fc.record({
  on: fc.constantFrom('message', 'file.*', ['message', 'file.offer'], '*', 'presence'),
  if: condition,
  [THEN]: fc.option(fc.constantFrom('pass', 'drop', 'reset'), { nil: undefined, freq: 2 }),
  also: fc.constantFrom({ tag: 'a' }, { tag: ['b', 'c'] }, 'log'),
  mode: fc.option(fc.constant('shadow'), { nil: undefined, freq: 4 }),
});

const event = fc
  .record({
    kind: fc.constantFrom<EventKind>('message', 'file.offer', 'presence', 'flow.end'),
    time: fc.integer({ min: 0, max: 7 * 86_400 }).map((s) => (1_767_571_200 + s) * 1e6),
    service: maybe(service),
    origin: fc.constantFrom('client', 'server', undefined),
    account: maybe(identity),
    from: maybe(identity),
    to: maybe(fc.array(identity, { minLength: 1, maxLength: 3 })),
    room: maybe(fc.constantFrom('#ops', 'lab@rooms.example')),
    route: fc.constantFrom('direct', 'room', undefined),
    text: maybe(text),
    markup: maybe(
      fc.oneof(
        text,
        text.map((t) => `<b>${t}</b>`),
        text.map((t) => `hi<a href='${t}'/>`),
      ),
    ),
    file: maybe(fc.record({ name: fileName, size: fc.constantFrom(3, 10, 1500, 5000) })),
    copy: fc.constantFrom('carbon', undefined),
    flow: maybe(
      fc.constantFrom('10.1.2.3:40000', '[2001:db8::1]:5', '192.0.2.7:1', '198.51.100.1:9'),
    ),
  })
  .map(({ kind, flow, ...rest }) => {
    const made = Object.assign(new ImEvent(kind), rest);
    const ends = { id: 'f', transport: 'tcp', server: '203.0.113.1:5222' } as const;
    if (flow !== undefined) made.flow = { ...ends, client: flow };
    return made;
  });

const people = [
  {
    name: 'Alice',
    groups: ['staff', 'lead'],
    department: 'sales',
    accounts: ['xmpp:alice@corp.example'],
  },
  { name: 'Carol', groups: ['staff'], department: undefined, accounts: ['irc:carol', 'msn:carol'] },
];

describe('the index', () => {
  test('gives the verdicts of the plain meaning, on any rules and events', () => {
    const sets = fc.array(rule, { minLength: 1, maxLength: 12 });
    const events = fc.array(event, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sets, events, (set, heard) => {
        const rules = set.map((r, i) => ({ id: `r${i}`, ...r }));
        const file = {
          sallyport: 1,
          ours: ['*@corp.example'],
          lists: LISTS,
          schedules: SCHEDULES,
          rules,
        };
        const loaded = rulesFromText(JSON.stringify(file), 'x.yaml', people);
        if (loaded.rules === undefined) {
          throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
        }
        const { policy } = loaded.rules;
        const view = new EventView(
          new JudgeState(),
          new Directory(people),
          new IdentitySet(policy.ours),
        );
        for (const one of heard) {
          const { action, rule: by, tags = [], shadow = [] } = loaded.rules.judge(one);
          const got = { action, rule: by, tags, shadow: shadow.map((s) => s.rule) };
          expect(got, JSON.stringify(one)).toEqual(judgeNaively(policy, one, view));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the property can fail: a rule the index forgot would be seen', () => {
    const file =
      'sallyport: 1\nrules: [{ id: a, on: message, if: { text: { contains: falcon } }, then: drop }]';
    const { rules } = rulesFromText(file);
    const view = new EventView(new JudgeState(), new Directory([]), new IdentitySet([]));
    const made = Object.assign(new ImEvent('message'), { text: 'a falcon' });
    const empty = rulesFromText('sallyport: 1').rules;
    if (rules === undefined || empty === undefined) throw new Error('not loaded');
    expect(judgeNaively(rules.policy, made, view).action).toBe('drop');
    expect(empty.judge(made).action).toBe('pass');
  });
});
