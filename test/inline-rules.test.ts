/** The rule language on a bridge: what real policies do to packets. */
import { describe, expect, test } from 'vitest';
import type { CompiledRules } from '../rules/compile.ts';
import { rulesFromText } from '../rules/load.ts';
import { Bench, Connection, ircLogin, latin } from '../src/pipeline/bridge.fixture.ts';
import { Fate, Side } from '../src/verdict/wire/packet-judge.ts';

function rulesOf(text: string): CompiledRules {
  const { rules, diagnostics } = rulesFromText(`sallyport: 1\n${text}`, 'policy.yaml', []);
  if (rules === undefined) throw new Error(JSON.stringify(diagnostics));
  return rules;
}

function session(policy: string) {
  const bench = new Bench(rulesOf(policy));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const from = talk.said[0];
  return { bench, talk, arrived: () => latin(bench.received(Side.B, talk.first(0))).slice(from) };
}

describe('redact', () => {
  test('payment cards are masked where they stand, the rest of the message goes on', () => {
    const { bench, talk, arrived } = session(
      'rules: [{ id: cards, on: message, if: { text: { pattern: payment-card } }, then: redact }]',
    );
    bench.give(talk.say(0, 'PRIVMSG bob :pay 4111 1111 1111 1111 now\r\n').octets, Side.A);
    expect(arrived()).toBe('PRIVMSG bob :pay **** **** **** **** now\r\n');
    expect(bench.verdicts('message')[0]).toMatchObject({
      action: 'redact',
      enforced: true,
      rule: 'cards',
    });
  });
});

describe('shadow rules', () => {
  test('change nothing', () => {
    const { bench, talk, arrived } = session(
      'rules: [{ id: trial, on: message, mode: shadow, then: drop }]',
    );
    bench.give(talk.say(0, 'PRIVMSG bob :hello\r\n').octets, Side.A);
    expect(arrived()).toBe('PRIVMSG bob :hello\r\n');
    expect(bench.verdicts('message')[0]?.shadow).toEqual([{ rule: 'trial', action: 'would-drop' }]);
  });
});

describe('defaults', () => {
  const OPENING =
    "<stream:stream to='e' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

  test.each([
    ['reset', Fate.Drop],
    ['pass', Fate.Forward],
  ] as const)('undecodable: %s', (undecodable, fate) => {
    const bench = new Bench(rulesOf(`defaults: { undecodable: ${undecodable} }\nrules: []`));
    const talk = new Connection({ serverPort: 5222 });
    bench.giveAll([...talk.open(), talk.say(0, OPENING)]);
    expect(bench.give(talk.say(0, '<!DOCTYPE x><message/>').octets, Side.A)).toBe(fate);
    expect(bench.events.find(({ kind }) => kind === 'flow.opaque')?.reason).toBe('undecodable');
    expect(bench.counter('resets')).toBe(undecodable === 'reset' ? 2 : 0);
    expect(bench.verdicts('flow.opaque')[0]).toMatchObject({
      action: undecodable,
      enforced: true,
    });
  });

  test.each([
    ['drop', 2],
    ['pass', 0],
  ] as const)('overload: %s, where a message can be held no longer', (overload, resets) => {
    const { bench, talk } = session(`defaults: { overload: ${overload} }\nrules: []`);
    bench.give(talk.say(0, 'PRIVMSG bob :unfinished').octets, Side.A);
    bench.later(250);
    expect(bench.counter('resets')).toBe(resets);
  });

  test('overload: drop, where memory is used up', () => {
    const bench = new Bench(rulesOf('defaults: { overload: drop }\nrules: []'), {
      limits: { retainedTotal: 1 << 16 },
    });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    // Identification is not yet a conversation: it is let go.
    expect(bench.counter('memoryRefused')).toBeGreaterThan(0);
    expect(bench.counter('flowsRemembered')).toBe(0);
  });
});
