import { expect, test } from 'vitest';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, latin } from './bridge.fixture.ts';

const opened = (serverPort: number) => {
  const bench = new Bench();
  const talk = new Connection({ serverPort });
  bench.giveAll(talk.open());
  const arrived = (side: Side, from: 0 | 1) => latin(bench.received(side, talk.first(from)));
  return { bench, talk, arrived };
};

test('the greeting of SOCKS5, which its server must answer first, is not held', () => {
  const { bench, talk, arrived } = opened(1080);
  bench.giveAll([talk.say(0, '\x05\x01\x00')]);
  expect(arrived(Side.B, 0)).toBe('\x05\x01\x00');
  bench.giveAll([talk.say(1, '\x05\x00')]);
  expect(arrived(Side.A, 1)).toBe('\x05\x00');
});

test('what may be the beginning of a message is', () => {
  const { bench, talk, arrived } = opened(6667);
  bench.giveAll([talk.say(0, 'NICK a')]);
  expect(arrived(Side.B, 0)).toBe('');
  bench.later(201);
  expect(arrived(Side.B, 0)).toBe('NICK a');
});
