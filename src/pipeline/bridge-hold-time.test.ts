import { describe, expect, test } from 'vitest';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, latin, neutralLine, refusing } from './bridge.fixture.ts';

const BAD = 'PRIVMSG bob :the secret plan\r\n';

/** A bench that holds the first half of a message that is to be refused. */
function holding() {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const before = talk.said[0];
  bench.giveAll([talk.say(0, BAD.slice(0, 12))]);
  const arrived = () => latin(bench.received(Side.B, talk.first(0)).slice(before));
  expect(arrived()).toBe('');
  return { bench, talk, arrived };
}

describe('half a message waits', () => {
  test('also when whoever tells the time is a little behind the packets', () => {
    const { bench, talk, arrived } = holding();
    bench.later(-1);
    expect(arrived()).toBe('');
    bench.giveAll([talk.say(0, BAD.slice(12))]);
    expect(arrived()).toBe(neutralLine(BAD.length));
  });

  test('no longer than the hold time', () => {
    const { bench, arrived } = holding();
    bench.later(199);
    expect(arrived()).toBe('');
    bench.later(2);
    expect(arrived()).toBe(BAD.slice(0, 12));
  });

  test('as long as it is told meanwhile', () => {
    const { bench, arrived } = holding();
    bench.bridge.setHold(500_000, 14_000);
    bench.later(400);
    expect(arrived()).toBe('');
    bench.bridge.setHold(100_000, 14_000);
    bench.later(1);
    expect(arrived()).toBe(BAD.slice(0, 12));
  });

  test('with no more octets than it is told meanwhile', () => {
    const { bench, talk, arrived } = holding();
    bench.bridge.setHold(200_000, 1);
    bench.giveAll([talk.say(0, BAD.slice(12, 16))]);
    expect(arrived()).toBe(BAD.slice(0, 16));
  });

  test('not for ever where a clock was set back', () => {
    const { bench, arrived } = holding();
    bench.later(-3_600_000);
    expect(arrived()).toBe(BAD.slice(0, 12));
  });
});
