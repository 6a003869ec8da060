/** Connections that end, or seem to: nothing of what follows is lost that lives, or slips by that is refused. */
import { describe, expect, test } from 'vitest';
import { State } from '../flow/layout.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import {
  Bench,
  Connection,
  ircLogin,
  latin,
  type Packet,
  refusing,
  segmentOf,
} from './bridge.fixture.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const BAD = 'PRIVMSG bob :the plan\r\n';
const GOOD = 'PRIVMSG bob :hello\r\n';

function session() {
  const bench = new Bench(refusing('plan'));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  return { bench, talk };
}

/** The packet with another hop limit: it may end on its way. */
function withHops({ octets, side }: Packet, hops: number): Packet {
  const changed = octets.slice();
  changed[22] = hops;
  const sum = (((changed[24] ?? 0) << 8) | (changed[25] ?? 0)) + ((64 - hops) << 8);
  const folded = (sum & 0xffff) + (sum >>> 16);
  changed[24] = folded >>> 8;
  changed[25] = folded & 255;
  return { octets: changed, side };
}

describe('a RST', () => {
  test('that was lost on its way: who still speaks is told', () => {
    const { bench, talk } = session();
    bench.give(talk.packet(0, talk.said[0], '', RST | ACK).octets, Side.A);
    const sent = bench.out.length;
    expect(bench.give(talk.say(1, ':irc.example NOTICE ann :still here\r\n').octets, Side.B)).toBe(
      Fate.Drop,
    );
    expect(bench.out).toHaveLength(sent + 1);
    expect(bench.out[sent]?.side).toBe(Side.B);
    const answer = segmentOf(bench.out[sent]?.octets ?? new Uint8Array());
    expect(answer.flags & RST).toBe(RST);
    expect(answer.sequence).toBe((talk.first(0) + talk.said[0]) >>> 0);
  });

  test('of a connection that nobody knows says nothing about it', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    const forged = talk.packet(1, 123_456, '', RST);
    expect(bench.give(forged.octets, Side.A)).toBe(Fate.Forward);
    for (const packet of [talk.say(0, GOOD), talk.say(1, ':bob!b@h PRIVMSG ann :yes\r\n')]) {
      expect(bench.give(packet.octets, packet.side)).toBe(Fate.Forward);
    }
    bench.give(talk.say(0, BAD).octets, Side.A);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
  });

  test('nearby, of a direction that was never heard, is not believed', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.give(talk.say(0, GOOD).octets, Side.A);
    bench.give(talk.packet(1, 5000, '', RST).octets, Side.A);
    expect(bench.give(talk.say(0, GOOD).octets, Side.A)).toBe(Fate.Forward);
  });

  test('that refuses an opening ends it', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.give(talk.packet(0, -1, '', SYN).octets, Side.A);
    expect(bench.give(talk.packet(1, -1, '', RST | ACK, 0).octets, Side.B)).toBe(Fate.Forward);
    bench.bridge.finish();
    expect(bench.bridge.engine.counters.flows.created).toBe(1);
  });

  test('that would not reach its receiver does', () => {
    const { bench, talk } = session();
    const rst = withHops(talk.packet(0, talk.said[0], '', RST | ACK), 2);
    bench.give(rst.octets, Side.A);
    const gone = bench.out.at(-1)?.octets ?? new Uint8Array();
    expect(gone[22]).toBeGreaterThanOrEqual(64);
    expect(segmentOf(gone)).toMatchObject({ isIntact: true, flags: RST | ACK });
  });
});

describe('a connection that only we believe to be over', () => {
  const ends = [
    ['FIN', FIN | ACK],
    ['RST', RST | ACK],
  ] as const;
  test.each(ends)('%s, then a SYN that nobody answers: nothing unread goes on', (_, flags) => {
    const { bench, talk } = session();
    const at = talk.said[0];
    bench.give(withHops(talk.packet(0, at, '', flags), 1).octets, Side.A);
    bench.give(withHops(talk.packet(0, at - 1, '', SYN), 1).octets, Side.A);
    const before = bench.out.length;
    const noise = Uint8Array.from({ length: 40 }, (_, i) => 128 + i);
    bench.giveAll([talk.say(0, noise), talk.say(0, BAD), talk.say(0, BAD)]);
    const went = bench.out.slice(before).filter(({ side }) => side === Side.B);
    expect(went.map(({ octets }) => latin(octets)).join()).not.toContain('plan');
  });

  test.each(ends)('%s, then a SYN that is answered: the new connection is read', (_, flags) => {
    const { bench, talk } = session();
    bench.give(talk.packet(0, talk.said[0], '', flags).octets, Side.A);
    const next = new Connection();
    (next.initial as [number, number])[0] = 0x1000;
    (next.initial as [number, number])[1] = 0x2000;
    const packets = [...ircLogin(next), next.say(0, GOOD)];
    for (const { octets, side } of packets) expect(bench.give(octets, side)).toBe(Fate.Forward);
    bench.give(next.say(0, BAD).octets, Side.A);
    expect(bench.verdicts('message').at(-1)).toMatchObject({ action: 'drop', enforced: true });
  });
});

describe('an end that its receiver does not take', () => {
  test.each([FIN | ACK, RST | ACK])('with a wrong IP checksum is none (%i)', (flags) => {
    const { bench, talk } = session();
    const octets = talk.packet(0, talk.said[0], '', flags).octets.slice();
    octets[24] = (octets[24] ?? 0) ^ 0x55;
    expect(bench.give(octets, Side.A)).toBe(Fate.Forward);
    expect(bench.counter('badChecksums')).toBe(1);
    bench.giveAll([talk.say(0, GOOD), talk.say(0, BAD)]);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain('hello');
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
  });

  test('and a long silence: the connection is known all the while', () => {
    const { bench, talk } = session();
    bench.give(talk.packet(0, talk.said[0], '', FIN | ACK).octets, Side.A);
    bench.later(600_000);
    bench.give(
      talk.say(
        0,
        Uint8Array.from({ length: 40 }, (_, i) => 128 + i),
      ).octets,
      Side.A,
    );
    bench.give(talk.say(0, BAD).octets, Side.A);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
  });
});

describe('a forged SYN', () => {
  const NOISE = Uint8Array.from({ length: 40 }, (_, i) => 128 + i);

  test('costs a connection that was let go nothing', () => {
    const { bench, talk } = foreign();
    bench.give(talk.packet(0, 7_000_000, '', SYN).octets, Side.A);
    for (const by of [0, 1, 0, 1] as const) {
      const { octets, side } = talk.say(by, NOISE);
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
  });

  test('costs a connection that is half closed nothing', () => {
    const { bench, talk } = session();
    bench.give(talk.packet(0, talk.said[0], '', FIN | ACK).octets, Side.A);
    bench.give(talk.packet(0, 7_000_000, '', SYN).octets, Side.A);
    const { octets, side } = talk.say(1, ':bob!b@h PRIVMSG ann :yes\r\n');
    expect(bench.give(octets, side)).toBe(Fate.Forward);
    expect(bench.verdicts('message')).toHaveLength(1);
  });

  test('in the midst of its own stream is not answered by what acknowledges that', () => {
    const { bench, talk } = session();
    bench.give(withHops(talk.packet(0, talk.said[0] - 1, '', SYN), 1).octets, Side.A);
    bench.give(talk.acknowledge(1).octets, Side.B);
    bench.giveAll([talk.say(0, NOISE), talk.say(0, '\r\n'), talk.say(0, BAD)]);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
    expect(bench.verdicts('message')).toMatchObject([{ action: 'drop', enforced: true }]);
  });

  test('that is none: the new connection is read', () => {
    const { bench } = foreign();
    const next = new Connection();
    (next.initial as [number, number])[0] = 0x1000;
    (next.initial as [number, number])[1] = 0x2000;
    for (const { octets, side } of [...ircLogin(next), next.say(0, GOOD)]) {
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
    bench.give(next.say(0, BAD).octets, Side.A);
    expect(bench.verdicts('message').at(-1)).toMatchObject({ action: 'drop', enforced: true });
  });

  function foreign() {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    bench.giveAll([...talk.open(), talk.say(0, NOISE), talk.say(1, NOISE)]);
    expect(bench.bridge.letGo).toBe(true);
    return { bench, talk };
  }
});

describe('ordinary ends', () => {
  test('of a flow that is not read any more, while something of it is remembered', () => {
    const { bench, talk } = session();
    const { table, engine } = { table: bench.bridge.engine.table, engine: bench.bridge.engine };
    bench.give(talk.say(0, BAD).octets, Side.A);
    const slot = table.current;
    engine.giveUp(slot, 'a test');
    bench.give(talk.say(0, GOOD).octets, Side.A);
    expect(bench.counter('flowsRemembered')).toBe(1);
    bench.give(talk.packet(0, talk.said[0], '', FIN | ACK).octets, Side.A);
    expect(table.state(slot)).toBe(State.Closing);
  });

  test('both sides close, in either order, and every packet goes on', () => {
    const { bench, talk } = session();
    const packets = [
      talk.packet(0, talk.said[0], 'QUIT\r\n', FIN | ACK),
      talk.packet(1, talk.said[1], '', ACK, talk.said[0] + 7),
      talk.say(1, 'ERROR :Closing link\r\n'),
      talk.packet(1, talk.said[1] + 21, '', FIN | ACK, talk.said[0] + 7),
      talk.packet(0, talk.said[0] + 7, '', ACK, talk.said[1] + 22),
    ];
    // The last two of the server are where its stream is.
    for (const { octets, side } of packets.slice(0, 3)) {
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
  });

  test('simultaneous opening', () => {
    const bench = new Bench(refusing('plan'));
    const talk = new Connection();
    for (const { octets, side } of [
      talk.packet(0, -1, '', SYN),
      talk.packet(1, -1, '', SYN),
      talk.packet(0, -1, '', SYN | ACK),
      talk.packet(1, -1, '', SYN | ACK),
      talk.packet(0, 0, '', ACK),
      talk.say(0, 'NICK ann\r\nUSER ann 0 * :Ann\r\n'),
      talk.say(1, ':irc.example 001 ann :Welcome\r\n'),
    ]) {
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
    bench.give(talk.say(0, BAD).octets, Side.A);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('plan');
  });

  test('keep-alives, window probes and their answers pass', () => {
    const { bench, talk } = session();
    const probe = talk.packet(0, talk.said[0] - 1, '', ACK);
    const filled = talk.packet(0, talk.said[0] - 1, '\n', ACK);
    const answer = talk.acknowledge(1);
    for (const { octets, side } of [probe, answer, filled, answer]) {
      expect(bench.give(octets, side)).toBe(Fate.Forward);
    }
  });
});
