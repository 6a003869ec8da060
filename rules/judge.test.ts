/** What the judge remembers and says: rates, contacts, rooms, notices, defaults, redaction. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import type { EventKind } from '../src/event/kinds.ts';
import type { CompiledRules } from './compile.ts';
import { diffRules } from './diff.ts';
import { explainEvent } from './explain.ts';
import { rulesFromText } from './load.ts';
import { redact } from './match/redact.ts';
import { runTests } from './run-tests.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const SECOND = 1e6;

function load(text: string): CompiledRules {
  const people = [
    {
      name: 'Alice',
      groups: ['trainees'],
      department: 'sales',
      accounts: ['xmpp:alice@corp.example'],
    },
  ];
  const { rules, diagnostics } = rulesFromText(`sallyport: 1\n${text}`, 'r.yaml', people);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}

function event(kind: EventKind, fields: Partial<ImEvent> = {}): ImEvent {
  const base = {
    time: 1e15,
    service: 'xmpp',
    account: 'alice@corp.example',
    origin: 'client' as const,
  };
  return Object.assign(new ImEvent(kind), base, fields);
}

const say = (text: string, more: Partial<ImEvent> = {}) =>
  event('message', { text, from: 'alice@corp.example', to: ['bob@x.example'], ...more });

describe('rates', () => {
  const rate = (by: string) =>
    `rules: [{ id: r, on: message, if: { text: { contains: buy }, rate: { more-than: 2, in: 10s, by: ${by} } }, then: drop }]`;

  test('more than N within the period, counting only what matches otherwise', () => {
    const rules = load(rate('account'));
    const at = (s: number, text = 'buy') =>
      rules.judge(say(text, { time: 1e15 + s * SECOND })).action;
    expect([at(0), at(1), at(1.5, 'sell'), at(2), at(3)]).toEqual([
      'pass',
      'pass',
      'pass',
      'drop',
      'drop',
    ]);
    expect([at(12.5), at(12.8), at(23)]).toEqual(['pass', 'drop', 'pass']);
  });
  test('by peer', () => {
    const rules = load(rate('peer'));
    const to = (peer: string) => rules.judge(say('buy', { to: [peer] })).action;
    expect([to('a'), to('a'), to('b'), to('a'), to('b')]).toEqual([
      'pass',
      'pass',
      'pass',
      'drop',
      'pass',
    ]);
  });
  test('never by what is not there', () => {
    const rules = load(rate('room'));
    for (let i = 0; i < 5; i++) expect(rules.judge(say('buy')).action).toBe('pass');
  });
});

describe('known contacts', () => {
  const rules = () => load('defaults: { unknown-contact: hold }');
  const hear = (from = 'bob@x.example') =>
    say('hi', { origin: 'server', from, to: ['alice@corp.example'] });

  test('a stranger stays one, however often he writes', () => {
    const judge = rules();
    expect(judge.judge(hear()).action).toBe('hold');
    expect(judge.judge(hear())).toMatchObject({
      action: 'hold',
      matched: ['defaults: unknown-contact'],
    });
  });
  test.each<[string, ImEvent]>([
    [
      'on the roster',
      event('contact.list', { contact: 'Bob@X.example', list: 'roster', origin: 'server' }),
    ],
    ['approved', event('contact.approve', { contact: 'bob@x.example' })],
  ])('%s', (_how, before) => {
    const judge = rules();
    judge.judge(before);
    expect(judge.judge(hear()).action).toBe('pass');
    judge.judge(event('contact.remove', { contact: 'bob@x.example' }));
    expect(judge.judge(hear()).action).toBe('hold');
  });
  test('someone on the block list is not known', () => {
    const judge = rules();
    judge.judge(event('contact.list', { contact: 'bob@x.example', list: 'block' }));
    expect(judge.judge(hear()).action).toBe('hold');
  });
  test('written to before; and the replacement of a set remembers', () => {
    const judge = load(
      'rules: [{ id: k, on: message, if: { contact.known: false, origin: server }, then: drop }]',
    );
    expect(judge.judge(hear()).action).toBe('drop');
    judge.judge(say('hello'));
    expect(judge.judge(hear()).action).toBe('pass');
    const next = rulesFromText('sallyport: 1\ndefaults: { unknown-contact: drop }');
    expect(next.rules?.judge(hear()).action).toBe('drop');
  });
});

test('members of a room are counted as they come and go', () => {
  const rules = load(
    'rules: [{ id: big, on: message, if: { room.members: { over: 1 } }, then: drop }]',
  );
  const room = '#ops';
  const chat = () => rules.judge(say('hi', { room })).action;
  expect(chat()).toBe('pass');
  for (const from of ['a', 'b', 'A']) rules.judge(event('room.join', { room, from }));
  expect(chat()).toBe('drop');
  rules.judge(event('room.leave', { room, from: 'b' }));
  expect(chat()).toBe('pass');
});

describe('tell', () => {
  const rules = () =>
    load(
      "rules: [{ id: no-files, on: file.offer, then: drop, tell: { text: '{file} from {from} in {rule}', every: 1m } }]",
    );
  const offer = (s: number, from = 'eve') =>
    event('file.offer', {
      origin: 'server',
      from,
      file: { name: 'a\u001b[2J\n.exe' },
      time: 1e15 + s * SECOND,
    });

  test('fills in, harmlessly', () => {
    expect(rules().judge(offer(0)).tell).toBe('a[2J.exe from eve in no-files');
  });
  test('once a conversation and period', () => {
    const judge = rules();
    const told = [offer(0), offer(30), offer(59, 'mallory'), offer(61)].map(
      (e) => judge.judge(e).tell !== undefined,
    );
    expect(told).toEqual([true, false, true, true]);
  });
});

describe('verdicts', () => {
  test('what nothing matched is one frozen record', () => {
    const rules = load('rules: [{ id: a, on: message, if: { text: x }, then: drop }]');
    expect(rules.judge(say('y'))).toBe(rules.judge(say('z')));
    expect(Object.isFrozen(rules.judge(say('y')))).toBe(true);
    expect(rules.judge(say('x'))).toBe(rules.judge(say('X')));
    expect(rules.judge(say('x')).matched).toEqual(['text is x']);
  });
  test('additions add up: the loudest alert, the fullest archive, all tags', () => {
    const rules = load(`rules:
  - { id: a, on: message, also: [{ alert: high }, { tag: t1 }, { archive: metadata }] }
  - { id: b, on: message, also: [{ alert: low }, { tag: [t2, t1] }, { archive: full }, log, quarantine] }
  - { id: c, on: message, if: { origin: client }, then: drop, also: { count: c } }
  - { id: d, on: message, also: { tag: never } }`);
    expect(rules.judge(say('x'))).toEqual({
      action: 'drop',
      enforced: true,
      rule: 'c',
      ruleset: rules.hash,
      log: true,
      quarantine: true,
      tags: ['t1', 't2'],
      count: ['c'],
      alert: 'high',
      archive: 'full',
      matched: ['origin is client', 'a', 'b'],
    });
    expect(rules.judge(say('x'))).toBe(rules.judge(say('y')));
  });
  test('shadow rules report the first that would have ended the matter', () => {
    const rules = load(`mode: shadow
rules:
  - { id: a, on: message, also: log }
  - { id: b, on: message, then: drop }
  - { id: c, on: message, then: reset }
  - { id: d, on: message, mode: enforce, then: redact, if: { text: { contains: x } } }`);
    expect(rules.judge(say('x'))).toMatchObject({
      action: 'redact',
      rule: 'd',
      shadow: [
        { rule: 'a', action: 'would-match' },
        { rule: 'b', action: 'would-drop' },
      ],
    });
  });
  test('defaults speak where no rule does', () => {
    const rules = load('defaults: { message: drop, app-unknown: reset, opaque: log }');
    expect(rules.judge(say('x'))).toMatchObject({ action: 'drop', matched: ['defaults: message'] });
    expect(rules.judge(event('app.unknown')).action).toBe('reset');
    expect(rules.judge(event('flow.opaque'))).toMatchObject({ action: 'pass', log: true });
    expect(rules.judge(event('typing')).action).toBe('pass');
  });
  test('redaction masks what matched, exactly', () => {
    const rules = load(`lists: { terms: { words: [falcon] } }
rules:
  - id: a
    on: message
    if: { any: [{ text: { pattern: payment-card } }, { text: { words: terms } }, { text: { regex: 'pin \\d+' } }, { text: { contains: 'İx' } }] }
    then: redact`);
    const masked = (text: string) => {
      const e = say(text);
      return redact(text, rules.redactions(e, rules.judge(e)));
    };
    expect(masked('card 4111 1111 1111 1111, PIN 1234')).toBe('card **** **** **** ****, *** ****');
    expect(masked('the FAL\u200bCON flies, f a l c o n')).toBe('the ******* flies, * * * * * *');
    expect(masked('nothing')).toBe('nothing');
  });
  test('copies of our own messages have their recipient as peer', () => {
    const rules = load(
      "rules: [{ id: a, on: message, if: { peer: 'xmpp:bob@x.example' }, then: drop }]",
    );
    expect(rules.judge(say('x', { origin: 'server', copy: 'carbon' })).action).toBe('drop');
  });
  test('one recipient who is not on the list is enough', () => {
    const rules = load(
      "rules: [{ id: a, on: message, if: { peer: { not-in: ['bob@x.example'] } }, then: drop }]",
    );
    expect(rules.judge(say('x')).action).toBe('pass');
    expect(rules.judge(say('x', { to: ['bob@x.example', 'eve@y'] })).action).toBe('drop');
    expect(rules.judge(event('message', { text: 'x' })).action).toBe('drop'); // nobody is known
  });
  test('people by name, group and department', () => {
    const rules = load(
      'rules: [{ id: a, on: message, if: { user: { group: trainees, department: sales, name: Alice } }, then: drop }]',
    );
    expect(rules.judge(say('x')).action).toBe('drop');
    expect(rules.judge(say('x', { account: 'carol@corp.example' })).action).toBe('pass');
  });
});

test('an explanation names what failed', () => {
  const rules = load(`rules:
  - { id: other, on: typing, then: drop }
  - { id: near, on: message, if: { origin: client, text: { contains: secret } }, then: drop }
  - { id: hit, on: message, if: { peer: { glob: '*@x.example' } }, then: drop }
  - { id: late, on: message, then: pass }`);
  const { rules: told, verdict } = explainEvent(rules, say('hello'));
  expect(verdict.rule).toBe('hit');
  expect(told.map(({ rule, outcome, decided }) => [rule, outcome, decided])).toEqual([
    ['other', 'other-kind', false],
    ['near', 'failed', false],
    ['hit', 'matched', true],
    ['late', 'not-reached', false],
  ]);
  expect(told[1]?.conditions).toMatchObject([
    { condition: 'origin is client', holds: true, actual: 'client' },
    { condition: "text contains 'secret'", holds: false, actual: 'hello', place: { line: 4 } },
  ]);
});

test('a diff says whose verdict changes', () => {
  const before = load('rules: [{ id: a, on: message, if: { text: { contains: x } }, then: drop }]');
  const after = load('rules: [{ id: b, on: message, if: { text: { contains: xy } }, then: drop }]');
  const events = [say('x'), say('xy'), say('z'), say('x', { account: 'carol' }), say('ax')];
  const diff = diffRules(before, after, events);
  expect([diff.events, diff.changed]).toEqual([5, 4]);
  expect(
    diff.changes.map((c) => [
      c.account,
      c.events,
      c.before.rule,
      c.before.action,
      c.after.rule,
      c.after.action,
    ]),
  ).toEqual([
    ['alice@corp.example', 2, 'a', 'drop', undefined, 'pass'],
    ['alice@corp.example', 1, 'a', 'drop', 'b', 'drop'],
    ['carol', 1, 'a', 'drop', undefined, 'pass'],
  ]);
});

test('tests in files tell what they expected and got', () => {
  const rules = load(`rules: [{ id: a, on: message, then: drop }]
tests:
  - { name: right, event: { kind: message, text: x }, expect: { action: drop, rule: a, tell: false } }
  - { name: wrong, event: { kind: typing }, expect: { action: drop, tags: [x] } }`);
  expect(runTests(rules).map(({ name, passed, problems }) => [name, passed, problems])).toEqual([
    ['right', true, []],
    ['wrong', false, ['action: expected drop, got pass (no rule)', 'tags: expected [x], got []']],
  ]);
});
