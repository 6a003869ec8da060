import { describe, expect, test } from 'vitest';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import {
  Bench,
  Connection,
  ircLogin,
  latin,
  neutralLine,
  refusing,
  segmentOf,
} from './bridge.fixture.ts';

const BAD = 'PRIVMSG bob :the secret plan\r\n';
const GOOD = 'PRIVMSG bob :lunch?\r\n';

describe('a refused message in one packet', () => {
  test.each([
    ['IPv4', {}],
    ['IPv6', { isIpv6: true }],
    ['IPv4 in a VLAN', { vlan: 12 }],
    ['IPv6 in a VLAN', { vlan: 12, isIpv6: true }],
  ])('vanishes, and the next one arrives: %s', (_, ends) => {
    const bench = new Bench(refusing('secret'));
    const talk = new Connection(ends);
    bench.giveAll(ircLogin(talk));
    const before = talk.said[0];
    bench.giveAll([talk.say(0, BAD), talk.say(0, GOOD)]);
    const stream = latin(bench.received(Side.B, talk.first(0)));
    expect(stream.slice(before)).toBe(neutralLine(BAD.length) + GOOD);
    expect(bench.out).toHaveLength(8);
    for (const { octets } of bench.out) expect(segmentOf(octets).isIntact).toBe(true);
    const [refused, passed] = bench.verdicts('message');
    expect(refused).toMatchObject({ action: 'drop', enforced: true, rule: 'no' });
    expect(refused?.why).toBeUndefined();
    expect(passed?.action).toBe('pass');
    expect(bench.counter('rewritten')).toBe(1);
    expect(bench.counter('neutralised')).toBe(1);
  });

  test('whose beginning went on because the rest came late: the connection is reset', () => {
    const bench = new Bench(refusing('secret'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const before = talk.said[0];
    expect(bench.give(talk.say(0, BAD.slice(0, 20)).octets, Side.A)).toBe(Fate.Drop);
    const sent = bench.out.length;
    bench.later(100);
    expect(bench.out).toHaveLength(sent);
    bench.later(150);
    expect(bench.out).toHaveLength(sent + 1);
    bench.giveAll([talk.say(0, BAD.slice(20)), talk.say(0, GOOD)]);
    const stream = latin(bench.received(Side.B, talk.first(0))).slice(before);
    expect(stream).toBe(BAD.slice(0, 20));
    expect(bench.counter('resets')).toBeGreaterThanOrEqual(2); // both sides, and whoever goes on
    const [refused] = bench.verdicts('message');
    expect(refused?.enforced).toBe(true);
    expect(refused?.why).toMatch(/^late: its beginning/);
  });
});
