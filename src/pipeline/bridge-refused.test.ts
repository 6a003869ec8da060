/** What was refused stays refused as long as its hosts may go on, whatever they make of resets. */
import { describe, expect, test } from 'vitest';
import { VECTOR } from '../../parsers/framing/client-hello.fixture.ts';
import { cryptoFrame, helloFor, initial } from '../../parsers/quic/quic.fixture.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { ServiceCatalogue } from '../inspect/service-catalogue.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, octetsOf, refusing, segmentOf } from './bridge.fixture.ts';

const SERVICES: ServiceCatalogue = {
  byHost: (host) =>
    host.endsWith('whatsapp.net')
      ? { service: 'whatsapp', activity: 'media', confidence: 'high', shared: false }
      : undefined,
  bySignature: () => undefined,
  byAddress: () => undefined,
};
const REFUSE: VerdictRecord = { action: 'drop', enforced: true };
const PASS: VerdictRecord = { action: 'pass', enforced: true };
const judge = ({ kind }: ImEvent) => (kind === 'flow.identified' ? REFUSE : PASS);
const SYN = 2;
const ACK = 16;

function bridge(limits = {}) {
  return new Bench({ judge }, { services: SERVICES, limits });
}

/** A connection whose hello is refused; its hosts do not hear resets. */
function refused(limits = {}) {
  const bench = bridge(limits);
  const talk = new Connection({ serverPort: 443 });
  bench.giveAll(talk.open());
  bench.give(talk.say(0, VECTOR).octets, Side.A);
  return { bench, talk };
}

/** Packets of others: the table looks for flows that are silent as they pass. */
function others(bench: Bench, count = 2000): void {
  for (let i = 0; i < count; i++) {
    const other = new Connection({ serverPort: 9, clientPort: 50_000 + (i % 100) });
    bench.give(other.packet(0, 0, '', ACK).octets, Side.A);
  }
}

describe('a refused connection that goes on', () => {
  test.each([20, 600, 7200])('after %i s of silence nothing of it goes on', (seconds) => {
    const { bench, talk } = refused();
    bench.later(seconds * 1000);
    others(bench);
    const before = bench.out.length;
    expect(bench.give(talk.say(1, 'what the server has').octets, Side.B)).toBe(Fate.Drop);
    expect(bench.give(talk.say(0, 'what the client has').octets, Side.A)).toBe(Fate.Drop);
    expect(bench.give(talk.acknowledge(0).octets, Side.A)).toBe(Fate.Drop);
    const answers = bench.out.slice(before).map(({ octets }) => segmentOf(octets));
    expect(answers.map(({ flags }) => flags & 4)).toEqual([4, 4, 4]);
  });

  test('its end is told when it is silent, once; its session is not kept', () => {
    const { bench, talk } = refused();
    bench.later(20_000);
    others(bench);
    const ends = () => bench.events.filter(({ kind }) => kind === 'flow.end');
    expect(ends()).toHaveLength(1);
    expect(bench.bridge.engine.census.busiest(10)).toEqual([]);
    bench.give(talk.say(1, 'more').octets, Side.B);
    bench.later(8_000_000);
    others(bench);
    bench.bridge.finish();
    expect(ends()).toHaveLength(1);
  });

  test('its ports serve again after a SYN that is answered', () => {
    const { bench } = refused();
    bench.later(60_000);
    others(bench);
    const next = new Connection({ serverPort: 443 });
    const at = 1 << 20;
    (next.initial as [number, number])[0] += at;
    (next.initial as [number, number])[1] += at;
    bench.giveAll(next.open());
    const before = bench.out.length;
    expect(bench.give(next.say(0, 'SSH-2.0-x\r\n').octets, Side.A)).toBe(Fate.Forward);
    expect(bench.out).toHaveLength(before + 1);
  });

  test('a SYN that nobody answers does not make it forgotten', () => {
    const { bench, talk } = refused();
    bench.give(talk.packet(0, 1 << 20, '', SYN).octets, Side.A);
    bench.later(120_000);
    others(bench);
    const resets = bench.counter('resets');
    expect(bench.give(talk.say(1, 'what the server has').octets, Side.B)).toBe(Fate.Drop);
    expect(bench.give(talk.say(0, 'what the client has').octets, Side.A)).toBe(Fate.Drop);
    expect(bench.counter('resets')).toBe(resets + 2);
  });

  test('what was refused at its SYN is not remembered long: its server heard nothing', () => {
    const learn = ({ kind }: ImEvent) =>
      kind === 'flow.identified' ? { ...REFUSE, learn: 60 } : PASS;
    const bench = new Bench({ judge: learn }, { services: SERVICES });
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    bench.give(talk.say(0, VECTOR).octets, Side.A);
    for (let i = 0; i < 10; i++) {
      const next = new Connection({ serverPort: 443, clientPort: 41_000 + i });
      bench.giveAll(next.open().slice(0, 1));
    }
    const { table } = bench.bridge.engine;
    expect(table.size).toBe(11);
    bench.later(20_000);
    others(bench);
    expect(table.size).toBe(101); // 100 others, and the one that its server knows
  });

  test('a full table gives it up like what was let go, and counts it', () => {
    const { bench } = refused({ flows: 16 });
    bench.later(20_000);
    others(bench);
    const { table } = bench.bridge.engine;
    expect(table.counters.evictedRefused).toBe(1);
  });

  test('refused for what was said: the same', () => {
    const bench = new Bench(refusing('secret', 'reset'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, 'PRIVMSG bob :the secret plan\r\n').octets, Side.A);
    bench.later(300_000);
    others(bench);
    expect(bench.give(talk.say(1, ':bob PRIVMSG ann :go on\r\n').octets, Side.B)).toBe(Fate.Drop);
    expect(bench.give(talk.say(0, 'PRIVMSG bob :going on\r\n').octets, Side.A)).toBe(Fate.Drop);
  });
});

test('a refused flow of datagrams stays so while either side repeats', () => {
  const bench = bridge();
  const talk = new Connection({ serverPort: 443 });
  const hello = initial([cryptoFrame(helloFor('mmg.whatsapp.net'))]);
  expect(bench.give(talk.datagram(0, hello).octets, Side.A)).toBe(Fate.Drop);
  for (let i = 0; i < 20; i++) {
    bench.later(200_000);
    others(bench, 300);
    const by = (i & 1) as 0 | 1;
    const side = by === 0 ? Side.A : Side.B;
    const short = Uint8Array.of(0x40, ...octetsOf('0123456789abcdef0123456789abcdef'));
    expect(bench.give(talk.datagram(by, short).octets, side)).toBe(Fate.Drop);
  }
});
