/** However a refused message is sent, it does not arrive; and what else is said does. */
import { describe, expect, test } from 'vitest';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import {
  Bench,
  Connection,
  ircLogin,
  latin,
  neutralLine,
  octetsOf,
  type Packet,
  refusing,
  segmentOf,
} from './bridge.fixture.ts';

const BAD = 'PRIVMSG bob :the secret plan\r\n';
const GOOD = 'PRIVMSG bob :lunch?\r\n';
const SAID = `${BAD}${GOOD}`;
const BLANK = neutralLine(BAD.length);
const ARRIVES = `${BLANK}${GOOD}`;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const URG = 32;

/** A session in which only what comes next counts; `from` is the offset of what comes next. */
function session(action: 'drop' | 'reset' | 'redact' = 'drop') {
  const bench = new Bench(refusing('secret', action));
  const talk = new Connection();
  bench.giveAll(ircLogin(talk));
  const from = talk.said[0];
  const arrived = () => latin(bench.received(Side.B, talk.first(0))).slice(from);
  return { bench, talk, from, arrived };
}

/** SAID in pieces that end at these offsets. */
function pieces(talk: Connection, from: number, ...ends: number[]): Packet[] {
  const starts = [0, ...ends];
  return [...ends, SAID.length].map((end, i) =>
    talk.packet(0, from + (starts[i] ?? 0), SAID.slice(starts[i], end)),
  );
}

describe('a refused message does not arrive', () => {
  test('cut in two at every octet', () => {
    for (let cut = 1; cut < SAID.length; cut++) {
      const { bench, talk, from, arrived } = session();
      bench.giveAll(pieces(talk, from, cut));
      expect(arrived()).toBe(ARRIVES);
      expect(bench.verdicts('message')[0]).toMatchObject({ action: 'drop', enforced: true });
      for (const { octets } of bench.out) expect(segmentOf(octets).isIntact).toBe(true);
    }
  });

  test('octet by octet', () => {
    const { bench, talk, from, arrived } = session();
    bench.giveAll(pieces(talk, from, ...Array.from({ length: SAID.length - 1 }, (_, i) => i + 1)));
    expect(arrived()).toBe(ARRIVES);
  });

  test('its packets in any order', () => {
    const orders = permutations([0, 1, 2, 3]);
    for (const order of orders) {
      const { bench, talk, from, arrived } = session();
      const packets = pieces(talk, from, 10, 25, 37);
      for (const i of order) {
        const packet = packets[i];
        if (packet !== undefined) bench.give(packet.octets, packet.side);
      }
      expect(arrived()).toBe(ARRIVES);
      expect(bench.counter('asideOctets')).toBe(0);
    }
  });

  test('every packet twice', () => {
    const { bench, talk, from, arrived } = session();
    for (const packet of pieces(talk, from, 10, 25, 37)) bench.giveAll([packet, packet]);
    expect(arrived()).toBe(ARRIVES);
  });

  test('lost behind the bridge and sent again, cut anew', () => {
    for (const cut of [1, 7, 15, 29, 31]) {
      const { bench, talk, from } = session();
      bench.giveAll(pieces(talk, from, 20));
      const sent = bench.out.length;
      bench.giveAll(pieces(talk, from, cut, cut + 9));
      const again = new Bench();
      again.out.push(...bench.out.slice(sent));
      expect(latin(again.received(Side.B, talk.first(0) + from))).toBe(ARRIVES);
    }
  });

  test('sent again with other words: those that went first go again', () => {
    const { bench, talk, from, arrived } = session();
    const mild = 'PRIVMSG bob :the other plan\r\n';
    bench.give(talk.packet(0, from, mild).octets, Side.A);
    const sent = bench.out.length;
    bench.give(talk.packet(0, from, BAD.slice(0, mild.length)).octets, Side.A);
    const last = segmentOf(bench.out[sent]?.octets ?? new Uint8Array());
    expect(latin(last.payload)).toBe(mild);
    expect(last.isIntact).toBe(true);
    expect(arrived()).toBe(mild);
    expect(bench.counter('normalised')).toBe(1);
    expect(bench.bridge.engine.counters.inspect.anomalies).toMatchObject({
      'conflicting-overlap': 1,
    });
  });

  test('what is ahead of a hole does not go, and the first copy of it counts', () => {
    const { bench, talk, from, arrived } = session();
    const mild = 'PRIVMSG bob :the other plan\r\n';
    expect(bench.give(talk.packet(0, from + 10, mild.slice(10)).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.bridge.kept).toBe(true);
    bench.give(talk.packet(0, from + 10, BAD.slice(10, mild.length)).octets, Side.A);
    expect(arrived()).toBe('');
    bench.give(talk.packet(0, from, mild.slice(0, 10)).octets, Side.A);
    expect(arrived()).toBe(mild);
    expect(bench.verdicts('message').map((verdict) => verdict?.action)).toEqual(['pass']);
  });

  test('segments that overlap', () => {
    for (const back of [1, 5, 14]) {
      const { bench, talk, from, arrived } = session();
      for (let at = 0; at < SAID.length; at += 15) {
        const start = Math.max(0, at - back);
        bench.give(talk.packet(0, from + start, SAID.slice(start, at + 15)).octets, Side.A);
      }
      expect(arrived()).toBe(ARRIVES);
    }
  });

  test('a copy that its receiver drops is not read', () => {
    const { bench, talk, from, arrived } = session();
    const decoy = talk.packet(0, from, 'PRIVMSG bob :the other plan\r\n').octets.slice();
    decoy[50] = (decoy[50] ?? 0) ^ 1; // the TCP checksum
    expect(bench.give(decoy, Side.A)).toBe(Fate.Forward);
    bench.giveAll(pieces(talk, from, 12));
    expect(arrived()).toBe(ARRIVES);
    expect(bench.counter('badChecksums')).toBe(1);
  });

  test('an urgent octet is one like others', () => {
    const { bench, talk, from } = session();
    bench.give(talk.packet(0, from, GOOD, ACK | URG).octets, Side.A);
    const last = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
    expect(last.flags & URG).toBe(0);
    expect(last.isIntact).toBe(true);
  });

  test('octets on the SYN come again, in order', () => {
    const bench = new Bench(refusing('secret'));
    const talk = new Connection();
    bench.give(talk.packet(0, -1, 'NICK ann\r\n', SYN).octets, Side.A);
    const syn = segmentOf(bench.out[0]?.octets ?? new Uint8Array());
    expect(syn).toMatchObject({ flags: SYN, isIntact: true });
    expect(syn.payload).toHaveLength(0);
    bench.giveAll(ircLogin(talk).slice(1));
    const from = talk.said[0];
    bench.giveAll(pieces(talk, from, 9));
    expect(latin(bench.received(Side.B, talk.first(0))).slice(from)).toBe(ARRIVES);
  });

  test('octets behind a FIN go nowhere', () => {
    const { bench, talk, from, arrived } = session();
    bench.give(talk.packet(0, from, GOOD, ACK | FIN).octets, Side.A);
    const sent = bench.out.length;
    bench.give(talk.packet(0, from + GOOD.length, SAID).octets, Side.A);
    bench.give(talk.packet(0, from + GOOD.length + 1, SAID).octets, Side.A);
    expect(bench.out).toHaveLength(sent);
    expect(arrived()).toBe(GOOD);
  });

  test('octets behind a RST that was believed go nowhere; another RST changes nothing', () => {
    const { bench, talk, from, arrived } = session();
    bench.give(talk.packet(0, from + 7, '', RST).octets, Side.A);
    bench.giveAll(pieces(talk, from, 9));
    expect(arrived()).toBe(ARRIVES);
    bench.give(talk.packet(0, from + SAID.length, '', RST).octets, Side.A);
    const sent = bench.out.length;
    bench.give(talk.packet(0, from + SAID.length, SAID).octets, Side.A);
    // Who sent them hears that it is over.
    expect(bench.out.slice(sent).map(({ side }) => side)).toEqual([Side.A]);
  });

  test('a second SYN that its server does not answer does not move the stream', () => {
    const { bench, talk, from, arrived } = session();
    bench.give(talk.packet(0, from - 300, '', SYN).octets, Side.A);
    bench.give(talk.packet(0, from - 299, 'PRIVMSG x :'.padEnd(299, '.')).octets, Side.A);
    bench.giveAll(pieces(talk, from, 9));
    expect(arrived()).toBe(ARRIVES);
  });

  test.each([5000, -5000])('a SYN-ACK of octet %i, which its client never sent', (acknowledged) => {
    const bench = new Bench(refusing('secret'));
    const talk = new Connection();
    const [syn, answer, ...login] = ircLogin(talk);
    if (syn === undefined || answer === undefined) throw new Error('no handshake');
    bench.giveAll([syn, answer]);
    bench.give(talk.packet(1, -1, '', SYN | ACK, acknowledged).octets, Side.B);
    bench.giveAll([...login, talk.say(0, SAID)]);
    const arrived = latin(bench.received(Side.B, talk.first(0)));
    expect(arrived.slice(-ARRIVES.length)).toBe(ARRIVES);
    expect(bench.verdicts('message')[0]).toMatchObject({ action: 'drop', enforced: true });
  });

  test('acknowledged octets that come again say nothing any more', () => {
    const { bench, talk, from, arrived } = session();
    bench.give(talk.packet(0, from, GOOD).octets, Side.A);
    talk.said[0] = from + GOOD.length;
    bench.give(talk.acknowledge(1).octets, Side.B);
    bench.give(talk.packet(0, from, BAD.slice(0, GOOD.length)).octets, Side.A);
    const last = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
    expect(latin(last.payload)).toBe('\0'.repeat(GOOD.length));
    expect(arrived()).toBe(GOOD);
  });

  test('far outside the window', () => {
    const { bench, talk, from } = session();
    expect(bench.give(talk.packet(0, from + (8 << 20), BAD).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.give(talk.packet(0, from - (8 << 20), BAD).octets, Side.A)).toBe(Fate.Drop);
  });
});

describe('what must pass, passes', () => {
  test('acknowledgements at once, while octets are held', () => {
    const { bench, talk, from } = session();
    bench.give(talk.packet(0, from, BAD.slice(0, 9)).octets, Side.A);
    expect(bench.give(talk.packet(0, from + 9, '', ACK).octets, Side.A)).toBe(Fate.Forward);
    expect(bench.give(talk.acknowledge(1).octets, Side.B)).toBe(Fate.Forward);
  });

  test('a keep-alive, with or without its octet', () => {
    const { bench, talk, from } = session();
    bench.give(talk.packet(0, from, GOOD).octets, Side.A);
    const at = from + GOOD.length - 1;
    expect(bench.give(talk.packet(0, at, '', ACK).octets, Side.A)).toBe(Fate.Forward);
    expect(bench.give(talk.packet(0, at, 'x', ACK).octets, Side.A)).toBe(Fate.Forward);
    const last = segmentOf(bench.out.at(-1)?.octets ?? new Uint8Array());
    expect(latin(last.payload)).toBe('\n');
  });

  test('a FIN waits for the octets before it', () => {
    const { bench, talk, from } = session();
    bench.give(talk.packet(0, from, 'QUI').octets, Side.A);
    const sent = bench.out.length;
    expect(bench.give(talk.packet(0, from + 3, '', ACK | FIN).octets, Side.A)).toBe(Fate.Forward);
    expect(bench.out.slice(sent).map(({ octets }) => segmentOf(octets).flags & FIN)).toEqual([
      0,
      FIN,
    ]);
  });

  test('a connection whose packets went another way for a while', () => {
    const { bench, talk, from, arrived } = session();
    bench.give(talk.packet(0, from + 500, GOOD).octets, Side.A);
    talk.said[0] = from + 500;
    bench.give(talk.acknowledge(1).octets, Side.B);
    expect(bench.counter('passedBy')).toBe(500);
    bench.give(talk.packet(0, from + 500 + GOOD.length, BAD).octets, Side.A);
    const tail = new Bench();
    tail.out.push(...bench.out);
    expect(latin(tail.received(Side.B, talk.first(0) + from + 500))).toBe(`${GOOD}${BLANK}`);
    expect(arrived()).toBe('');
  });

  test('what is not IP, and what is no IM', () => {
    const bench = new Bench(refusing('secret'));
    const arp = octetsOf('\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x06 who has the secret?');
    expect(bench.give(arp, Side.A)).toBe(Fate.Forward);
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    bench.give(talk.say(0, '\0\x01\x02 secret').octets, Side.A);
    expect(bench.bridge.letGo).toBe(true);
    expect(bench.counter('flowsRemembered')).toBe(0);
    expect(bench.out).toHaveLength(5);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
