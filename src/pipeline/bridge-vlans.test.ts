import { expect, test } from 'vitest';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, refusing, segmentOf } from './bridge.fixture.ts';

test('two VLANs that use the same addresses at the same time do not meet', () => {
  const bench = new Bench(refusing('secret'));
  const talks = [7, 8].map((vlan) => new Connection({ vlan }));
  for (const talk of talks) bench.giveAll(ircLogin(talk));
  const [one, other] = talks;
  if (one === undefined || other === undefined) throw new Error('no connections');
  // The second VLAN's connection is elsewhere in its stream.
  bench.giveAll([one.say(0, 'PRIVMSG bob :one\r\n'), one.say(0, 'PRIVMSG bob :two\r\n')]);
  const before = bench.out.length;
  bench.giveAll([
    other.say(0, 'PRIVMSG bob :the secret\r\n'),
    other.say(0, 'PRIVMSG bob :three\r\n'),
  ]);
  const texts = bench.out
    .slice(before)
    .filter(({ side }) => side === Side.B)
    .map(({ octets }) => Buffer.from(octets).toString('latin1'));
  expect(texts).toHaveLength(2);
  expect(texts[0]).toContain('PONG :xxxx');
  expect(texts[1]).toContain(':three');
  for (const { octets } of bench.out) expect(segmentOf(octets).isIntact).toBe(true);
});
