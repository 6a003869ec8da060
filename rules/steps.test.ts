import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { CompiledRules } from './compile.ts';
import { compileInSteps } from './compile-in-steps.ts';
import { rulesFromText } from './load.ts';
import type { Policy } from './policy/policy.ts';
import { formatDiagnostic } from './source/diagnostic.ts';
import { JudgeState } from './state/judge-state.ts';
import { finish, Stepper, type Steps } from './steps.ts';
import { syntheticEvents, syntheticRules } from './testing/synthetic.ts';
import { decodingPolicy } from './transfer/decode-policy.ts';
import { encodePolicy } from './transfer/encode-policy.ts';
import { NOWHERE } from './transfer/policy-records.ts';

function policyOf(text: string): Policy {
  const { policy, diagnostics } = rulesFromText(text);
  if (policy === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return policy;
}

/** As another thread gets it. */
function sent(policy: Policy): Policy {
  return finish(decodingPolicy(encodePolicy(policy)));
}

/** Events of which many match: texts, peers and files that the synthetic rules name. */
function provoking(policy: Policy): ImEvent[] {
  const events = syntheticEvents(3000);
  for (const [i, event] of events.entries()) {
    const rule = policy.rules[(i * 7) % policy.rules.length];
    const { condition } = rule ?? {};
    if (condition?.op !== 'test') continue;
    const { test } = condition;
    if (test.is === 'one-of' && condition.field === 'file.extension') {
      const offer = new ImEvent('file.offer');
      events[i] = Object.assign(offer, { ...event, kind: offer.kind });
      offer.file = { name: `a.${test.values[0]}` };
    } else if (test.is === 'words') event.text = `so ${test.list.entries[0]?.value} it is`;
    else if (test.is === 'contains') event.text = `xx${test.value}xx`;
    else if (test.is === 'regex') event.text = test.source.replace('[0-9]+', '77');
    else if (test.is === 'glob') event.from = test.value.replace('*', 'eve');
    else if (test.is === 'one-of') {
      event.origin = 'server';
      event.from = test.values[0]?.replace('xmpp:', '');
    }
  }
  return events;
}

const MIXED = `sallyport: 1
ours: ['xmpp:*@corp.example']
lists:
  friends: { contacts: [${Array.from({ length: 300 }, (_, i) => `'xmpp:f${i}@x.example'`).join()}, '*@y.example'] }
  terms: { words: ['project falcon', 'harass*', ${Array.from({ length: 200 }, (_, i) => `term${i}`).join()}] }
  nets: { cidrs: [10.0.0.0/8, '2001:db8::/32'] }
  bad: { extensions: [exe, scr] }
schedules:
  always: { timezone: UTC, from: '00:00', until: '24:00' }
defaults: { unknown-contact: hold }
rules:
  - { id: words, on: message, if: { text: { words: terms, at-least: 2 } }, then: redact, also: [ { tag: [a, b] } ] }
  - { id: inline, on: '*', if: { text: { words: [quartz, 'sphinx of'] } }, then: drop, tell: 'no {rule}' }
  - { id: many, on: message, if: { any: [${Array.from({ length: 120 }, (_, i) => `{ text: { contains: 'many${i}' } }`).join()}] }, then: drop }
  - { id: values, on: message, if: { room: [${Array.from({ length: 90 }, (_, i) => `'#r${i}'`).join()}] }, then: drop }
  - { id: exact, on: message, if: { room: { is: [${Array.from({ length: 90 }, (_, i) => `'#E${i}'`).join()}], case: true } }, then: drop }
  - { id: net, on: message, if: { flow.client: { in: nets }, when: always, text: { starts: 'net' } }, then: reset }
  - { id: pattern, on: message, if: { text: { pattern: payment-card } }, then: redact, mode: shadow }
  - { id: size, on: file.*, if: { any: [ { file.size: { over: 1MB } }, { file.extension: { in: bad } } ] }, then: drop }
  - { id: rate, on: message, if: { text: { starts: 'rate' }, rate: { more-than: 2, in: 10s, by: peer } }, then: drop }
  - { id: friends, on: message, if: { peer: { not-in: friends }, boundary: external, text: { ends: 'friend?' } }, then: drop, also: { alert: high } }
`;
const TEXTS = [
  'term7 and term9',
  'a quartz',
  'sphinx of black',
  'xmany99x',
  'net',
  '4111 1111 1111 1111',
  'are you a friend?',
  'rate',
  'rate',
  'rate',
  'hello',
];

describe('compiled in steps, from what another thread sent', () => {
  test.each([
    ['synthetic rules', syntheticRules(800)],
    ['one of each kind of condition', MIXED],
  ])('%s judge as those compiled at once', (_, text) => {
    const policy = policyOf(text);
    const events = provoking(policy);
    for (const [i, event] of events.entries()) {
      if (text !== MIXED) break;
      event.text = TEXTS[i % TEXTS.length];
      event.room = i % 5 === 0 ? (i % 2 === 0 ? `#R${i % 90}` : `#E${i % 90}`) : undefined;
      event.flow = {
        ...event.flow,
        id: 'f',
        transport: 'tcp',
        client: '10.1.2.3:4',
        server: '[2001:db8::1]:5',
      };
      if (event.kind !== 'message')
        event.file = { name: i % 2 === 0 ? 'a.exe' : 'b.pdf', size: i * 1000 };
    }
    const whole = new CompiledRules(policy, 'sha256:0');
    const stepper = compileInSteps(sent(policy), 'sha256:0');
    let slices = 0;
    while (!stepper.step(0)) slices++;
    expect(slices).toBeGreaterThan(policy.rules.length);
    const seen = new Set<string | undefined>();
    for (const event of events) {
      const verdict = whole.judge(event);
      seen.add(verdict.rule ?? verdict.shadow?.[0]?.rule);
      expect(stepper.result?.judge(event)).toEqual(verdict);
    }
    expect(seen.size).toBeGreaterThan(text === MIXED ? 8 : 100);
  });

  test('a policy comes over whole, less its places and what judging does not need', () => {
    const policy = policyOf(MIXED);
    const plain = (of: Policy) =>
      JSON.parse(
        JSON.stringify({ ...of, lists: [], schedules: [], tests: [] }, (key, value) =>
          key === 'place' ? NOWHERE : value,
        ),
      );
    expect(plain(sent(policy))).toEqual(plain(policy));
  });

  test('lists that several rules name are one list again', () => {
    const rule = (id: string) =>
      `  - { id: ${id}, on: message, if: { peer: { in: l } }, then: drop }\n`;
    const policy = sent(
      policyOf(
        `sallyport: 1\nlists: { l: { contacts: [a, b] } }\nrules:\n${rule('x')}${rule('y')}`,
      ),
    );
    const [x, y] = policy.rules.map(({ condition }) =>
      condition?.op === 'test' && condition.test.is === 'in-list' ? condition.test.list : undefined,
    );
    expect(x).toBeDefined();
    expect(x).toBe(y);
  });

  test('what the running set remembers is handed on', () => {
    const text = `sallyport: 1\nrules:\n  - { id: r, on: message, if: { rate: { more-than: 1, in: 1h, by: account } }, then: drop }\n`;
    const policy = policyOf(text);
    const running = new CompiledRules(policy, 'a', new JudgeState());
    const event = Object.assign(new ImEvent('message'), {
      account: 'a',
      service: 'xmpp',
      time: 1e15,
    });
    expect(running.judge(event).action).toBe('pass');
    const next = finish(stepsOf(compileInSteps(sent(policy), 'b', running.state)));
    expect(next?.judge(event).action).toBe('drop');
  });
});

function* stepsOf<T>(stepper: Stepper<T>): Steps<T | undefined> {
  while (!stepper.step(0)) yield;
  return stepper.result;
}

describe('a stepper', () => {
  test('stops when its time is over, and goes on where it stopped', () => {
    let enough = false;
    function* endless(): Steps<string> {
      while (!enough) yield;
      return 'done';
    }
    const stepper = new Stepper(endless());
    expect(stepper.step(1000)).toBe(false);
    expect(stepper.result).toBeUndefined();
    enough = true;
    expect(stepper.step(1000)).toBe(true);
    expect(stepper.result).toBe('done');
    expect(stepper.step(1000)).toBe(true);
  });

  test('passes on what a step throws', () => {
    function* broken(): Steps<void> {
      yield;
      throw new Error('out of order');
    }
    const stepper = new Stepper(broken());
    expect(() => stepper.step(1e6)).toThrow('out of order');
  });
});
