/** What networks do to connections: nothing that is allowed is lost for good, and nothing hangs. */
import { describe, expect, test } from 'vitest';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, latin, refusing, segmentOf } from './bridge.fixture.ts';

const FIN = 1;
const ACK = 16;
const BAD = 'PRIVMSG bob :the plan\r\n';
const GOOD = 'PRIVMSG bob :hello\r\n';

describe('picked up in the middle', () => {
  test.each<0 | 1>([0, 1])('first heard from %i: both directions go on and are read', (by) => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    const other = by === 0 ? 1 : 0;
    const said = [GOOD, ':bob!b@h PRIVMSG ann :yes\r\n'] as const;
    talk.said[0] = 5000;
    talk.said[1] = 9000;
    for (const who of [by, other, by, other] as const) {
      const { octets, side } = talk.say(who, said[who]);
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
    bench.give(talk.say(0, BAD).octets, Side.A);
    expect(bench.verdicts('message').at(-1)).toMatchObject({ action: 'drop', enforced: true });
  });

  test('a retransmission of what was said before goes on as it came', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    talk.said[0] = 5000;
    bench.give(talk.say(0, GOOD).octets, Side.A);
    const old = talk.packet(0, 4900, 'x'.repeat(100));
    expect(bench.give(old.octets, Side.A)).toBe(Fate.Forward);
    const gone = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
    expect(latin(gone.payload)).toBe('x'.repeat(100));
  });
});

describe('lost behind us', () => {
  test('a refused message that comes again after both sides closed is still neutral', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const at = talk.said[0];
    bench.give(talk.say(0, BAD).octets, Side.A);
    bench.give(talk.packet(0, talk.said[0], '', FIN | ACK).octets, Side.A);
    bench.give(talk.packet(1, talk.said[1], '', FIN | ACK, at).octets, Side.B);
    bench.later(3000);
    expect(bench.give(talk.packet(0, at, BAD, FIN | ACK).octets, Side.A)).toBe(Fate.Forward);
    const again = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
    expect(latin(again.payload)).not.toContain('plan');
    expect(again.isIntact).toBe(true);
  });

  test('a refused message that comes again after the flow left the table is refused again', () => {
    const bench = new Bench(refusing('plan'), { limits: { flows: 1 } });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const at = talk.said[0];
    bench.give(talk.say(0, BAD).octets, Side.A);
    bench.giveAll(new Connection({ clientPort: 41_000 }).open());
    bench.give(talk.packet(0, at, BAD).octets, Side.A);
    const all = bench.out.filter(({ side }) => side === Side.B).map(({ octets }) => latin(octets));
    expect(all.join()).not.toContain('plan');
  });

  test('and after the rules were exchanged for laxer ones', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const at = talk.said[0];
    bench.give(talk.say(0, BAD).octets, Side.A);
    bench.bridge.setJudge(refusing('nothing'));
    bench.give(talk.packet(0, at, BAD).octets, Side.A);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
  });
});

describe('a flow that leaves the table with packets held', () => {
  test('they go on, in order, and what comes again is taken up', () => {
    const bench = new Bench(refusing('plan'), { limits: { flows: 1 } });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, 'PRIVMSG bob :hel').octets, Side.A);
    expect(bench.counter('heldPackets')).toBe(1);
    bench.giveAll(new Connection({ clientPort: 41_000 }).open());
    expect(bench.counter('heldOctets')).toBe(0);
    expect(bench.give(talk.say(0, 'lo\r\n').octets, Side.A)).not.toBe(undefined);
    bench.later(300);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain('hello\r\n');
  });
});

describe('long frames', () => {
  test('ahead of a hole wait, of 64 KiB as well, and follow in order', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const lines = GOOD.repeat(3000);
    const [first, second, third] = [talk.say(0, lines), talk.say(0, lines), talk.say(0, GOOD)];
    bench.giveAll([third, second, first]);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain(lines + lines + GOOD);
  });

  test('several messages in one, of which some are refused', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, (GOOD + BAD).repeat(100)).octets, Side.A);
    const got = latin(bench.received(Side.B, talk.first(0)));
    expect(got.split('hello')).toHaveLength(101);
    expect(got).not.toContain('plan');
  });
});

test('a lossy, reordering, repeating network on either side, octet by octet windows', () => {
  const bench = new Bench(refusing('plan'));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const from = talk.said[0];
  const said = GOOD + BAD + GOOD;
  // Every octet a segment of its own: the second pass brings what the first lost.
  for (const odd of [0, 1]) {
    for (let i = said.length - 1; i >= 0; i--) {
      if (i % 2 !== odd) continue;
      bench.give(talk.packet(0, from + i, said[i] ?? '').octets, Side.A);
    }
  }
  const got = latin(bench.received(Side.B, talk.first(0))).slice(from);
  expect(got).toHaveLength(said.length);
  expect(got.startsWith(GOOD)).toBe(true);
  expect(got.endsWith(GOOD)).toBe(true);
  expect(got).not.toContain('plan');
});
