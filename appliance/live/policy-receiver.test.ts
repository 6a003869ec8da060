import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { rulesFromText } from '../../rules/load.ts';
import { finish } from '../../rules/steps.ts';
import { syntheticEvents, syntheticRules } from '../../rules/testing/synthetic.ts';
import { encodePolicy } from '../../rules/transfer/encode-policy.ts';
import { ImEvent } from '../../src/event/event.ts';
import { PolicyReceiver } from './policy-receiver.ts';
import {
  compilePolicy,
  compilingPolicy,
  type PolicyOrder,
  type PolicyReport,
  type WorkerPolicy,
} from './worker-policy.ts';

function order(text: string, hash: string): PolicyOrder {
  const { policy } = rulesFromText(`sallyport: 1\nrules:\n${text}`);
  if (policy === undefined) throw new Error('the rules are wrong');
  return { hash, octets: encodePolicy(policy) };
}

const NOTHING: PolicyOrder = { hash: 'none', octets: undefined };
const DROP = order('  - { id: no, on: message, then: drop }\n', 'drop');
const RATE =
  '  - { id: r, on: message, if: { rate: { more-than: 1, in: 1h, by: account } }, then: drop }\n';

function message(): ImEvent {
  return Object.assign(new ImEvent('message'), { service: 'xmpp', account: 'a@b', time: 1e15 });
}

function receiver(first: PolicyOrder) {
  const reports: PolicyReport[] = [];
  let running = compilePolicy(first);
  const hooks = {
    inForce: (policy: WorkerPolicy) => {
      running = policy;
    },
    report: (report: PolicyReport) => reports.push(report),
  };
  const policies = new PolicyReceiver(running, hooks);
  return { policies, reports, judge: () => running.judge.judge(message()).action };
}

/** Turns until there is nothing left to do; how many turns. */
function drain(policies: PolicyReceiver): number {
  let turns = 0;
  for (; policies.busy; turns++) policies.step();
  return turns;
}

describe('a new policy', () => {
  test('judges from the moment it is compiled, not before', () => {
    const { policies, reports, judge } = receiver(NOTHING);
    policies.step();
    expect(policies.busy).toBe(false);
    policies.take(DROP);
    expect(policies.busy).toBe(true);
    expect(judge()).toBe('pass');
    drain(policies);
    expect(judge()).toBe('drop');
    expect(reports).toEqual([{ hash: 'drop' }]);
  });

  test('gives way to a newer one', () => {
    const { policies, reports, judge } = receiver(NOTHING);
    policies.take(order(RATE, 'rate'));
    policies.take(DROP);
    drain(policies);
    expect(judge()).toBe('drop');
    expect(reports).toEqual([{ hash: 'rate', fault: 'a newer policy came' }, { hash: 'drop' }]);
  });

  test('that cannot be read leaves the one before in force, and says why', () => {
    const { policies, reports, judge } = receiver(DROP);
    const broken = new SharedArrayBuffer(9);
    Buffer.from(broken).writeUInt32LE(5);
    policies.take({ hash: 'broken', octets: broken });
    drain(policies);
    expect(judge()).toBe('drop');
    expect(reports).toMatchObject([{ hash: 'broken', fault: expect.stringContaining('JSON') }]);
  });

  test('remembers what the one before remembers', () => {
    const { policies, judge } = receiver(order(RATE, 'a'));
    expect(judge()).toBe('pass');
    policies.take(order(`${RATE}  - { id: more, on: typing, then: drop }\n`, 'b'));
    drain(policies);
    expect(judge()).toBe('drop');
  });

  test('of people names them', () => {
    const people = [{ name: 'Alice', groups: [], department: undefined, accounts: ['xmpp:a@b'] }];
    const { policy } = rulesFromText('sallyport: 1\nrules: []\n', 'r.yaml', people);
    if (policy === undefined) throw new Error('the rules are wrong');
    const { namePeople } = compilePolicy({ hash: 'p', octets: encodePolicy(policy) });
    const event = message();
    namePeople?.(event);
    expect(event.person).toBe('Alice');
    expect(compilePolicy(DROP).namePeople).toBeUndefined();
  });

  test('is compiled in many slices, with as much time between them', () => {
    const { policies } = receiver(NOTHING);
    const { policy } = rulesFromText(syntheticRules(600));
    if (policy === undefined) throw new Error('the rules are wrong');
    policies.take({ hash: 'many', octets: encodePolicy(policy) });
    // A clock of its own, so that nobody else on the machine counts as its work: 10 µs from look to look.
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 0.01;
      return clock;
    });
    let worked = 0;
    let slices = 0;
    while (policies.busy) {
      const before = clock;
      policies.step();
      const took = clock - before;
      if (took < 0.05) continue; // it rested
      slices++;
      worked += took;
    }
    now.mockRestore();
    expect(slices).toBeGreaterThan(5);
    expect(worked).toBeLessThan(clock * 0.55);
  });
});

// bench/reload.ts does the same with 10 000 rules.
test('fifty reloads of 3000 rules leave no more memory behind than one', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { policy } = rulesFromText(syntheticRules(3000));
  if (policy === undefined) throw new Error('the rules are wrong');
  const octets = encodePolicy(policy);
  const [event = message()] = syntheticEvents(1);
  let running: WorkerPolicy | undefined;
  const used = () => {
    collect();
    collect(); // array buffers go with the second one
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  const before = used();
  const MiB: number[] = [];
  for (let i = 0; i < 50; i++) {
    running = finish(compilingPolicy({ octets, hash: `h${i}` }, running));
    running.judge.judge(event);
    if (i % 10 === 4) MiB.push(used());
  }
  const [first = 0, ...later] = MiB;
  const oneSet = first - before;
  expect(oneSet).toBeGreaterThan(2); // a set is there to be measured
  for (const one of later) expect(Math.abs(one - first)).toBeLessThan(oneSet * 0.25);
}, 120_000);
