/** However a refused hello is sent, its server does not get it whole, and nothing of it is answered. */
import { describe, expect, test } from 'vitest';
import {
  serverName,
  supportedVersions,
  VECTOR,
} from '../../parsers/framing/client-hello.fixture.ts';
import { cryptoFrame, helloFor, initial } from '../../parsers/quic/quic.fixture.ts';
import { clientHello } from '../../parsers/tls/tls.fixture.ts';
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import type { Action, ImEvent, VerdictRecord } from '../event/event.ts';
import type { ServiceCatalogue } from '../inspect/service-catalogue.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, type Ends, latin, type Packet, segmentOf } from './bridge.fixture.ts';

const NAME = 'mmg.whatsapp.net';
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
const IP = 14;
const SYN = 2;
const ACK = 16;
const PSH = 8;
const URG = 32;

function bridge(overload: Extract<Action, 'pass' | 'drop'> = 'pass') {
  const judge = ({ kind }: ImEvent) => (kind === 'flow.identified' ? REFUSE : PASS);
  const judging = { judge, defaults: { overload } };
  return new Bench(judging as ConstructorParameters<typeof Bench>[0], { services: SERVICES });
}

function opened(ends: Ends = {}, overload: Extract<Action, 'pass' | 'drop'> = 'pass') {
  const bench = bridge(overload);
  const talk = new Connection({ serverPort: 443, ...ends });
  bench.giveAll(talk.open());
  return { bench, talk };
}

type Opened = ReturnType<typeof opened>;

/** The server may know how a hello begins; not whose it is. */
function expectRefused({ bench, talk }: Opened, before = '') {
  const verdicts = bench.verdicts('flow.identified');
  expect(verdicts.at(-1)).toMatchObject({ action: 'drop', enforced: true });
  const got = latin(bench.received(Side.B, talk.first(0)));
  expect(got).not.toContain(NAME);
  expect(got.startsWith(before)).toBe(true);
  const sent = bench.out.length;
  expect(bench.give(talk.say(1, 'an answer').octets, Side.B)).toBe(Fate.Drop);
  expect(segmentOf(bench.out[sent]?.octets ?? new Uint8Array(0)).flags & 4).toBe(4);
}

const OTHER = VECTOR.slice();
OTHER.set(Buffer.from('www.office.examp'), Buffer.from(VECTOR).indexOf(NAME));

/** The handshake message in records of this size. */
function records(size: number): Uint8Array {
  const parts: number[] = [];
  for (let at = 5; at < VECTOR.length; at += size) {
    const piece = VECTOR.subarray(at, at + size);
    parts.push(0x16, 3, 1, piece.length >> 8, piece.length & 255, ...piece);
  }
  return Uint8Array.from(parts);
}

/** The IPv4 packet in fragments that end at these offsets of its payload. */
function fragments({ octets }: Packet, ...ends: number[]): Uint8Array[] {
  const start = IP + 20;
  const all = [...ends, octets.length - start];
  return all.map((end, i) => {
    const from = all[i - 1] ?? 0;
    const piece = Uint8Array.from([
      ...octets.subarray(0, start),
      ...octets.subarray(start + from, start + end),
    ]);
    const view = new DataView(piece.buffer);
    view.setUint16(IP + 2, 20 + end - from);
    view.setUint16(IP + 6, (i < ends.length ? 0x2000 : 0) | (from / 8));
    view.setUint16(IP + 10, 0);
    view.setUint16(IP + 10, foldChecksum(addWords(piece, IP, start, 0)));
    return piece;
  });
}

/** IPv6 with these extension headers (their own length, type first in `next`) before TCP or UDP. */
function extended(packet: Packet, ...headers: readonly [type: number, body: readonly number[]][]) {
  const { octets } = packet;
  const last = octets[IP + 6] ?? 0;
  const between = headers.flatMap(([, body], i) => [headers[i + 1]?.[0] ?? last, ...body]);
  const out = Uint8Array.from([
    ...octets.subarray(0, IP + 40),
    ...between,
    ...octets.subarray(IP + 40),
  ]);
  out[IP + 6] = headers[0]?.[0] ?? last;
  new DataView(out.buffer).setUint16(IP + 4, out.length - IP - 40);
  return out;
}

describe('a TLS hello', () => {
  test.each([1, 3, 40, 100])('in records of %i octets', (size) => {
    const one = opened();
    one.bench.give(one.talk.say(0, records(size)).octets, Side.A);
    expectRefused(one);
  });

  test('in records, each in segments of its own', () => {
    const one = opened();
    const all = records(50);
    for (let at = 0; at < all.length; at += 11) {
      one.bench.give(one.talk.say(0, all.subarray(at, at + 11)).octets, Side.A);
    }
    expectRefused(one);
  });

  test('octet by octet, and out of order: not its last octet', () => {
    const { bench, talk } = opened();
    for (let at = VECTOR.length - 1; at >= 0; at--) {
      bench.give(talk.packet(0, at, VECTOR.subarray(at, at + 1)).octets, Side.A);
    }
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
    expect(bench.received(Side.B, talk.first(0)).length).toBeLessThan(VECTOR.length);
    expect(bench.give(talk.say(1, 'an answer').octets, Side.B)).toBe(Fate.Drop);
  });

  test('of overlapping copies that contradict each other the server gets the one that was read', () => {
    const at = Buffer.from(VECTOR).indexOf(NAME);
    for (const [first, second] of [
      [VECTOR, OTHER],
      [OTHER, VECTOR],
    ] as const) {
      const { bench, talk } = opened();
      bench.give(talk.packet(0, at - 5, first.subarray(at - 5, at + 30)).octets, Side.A);
      bench.give(talk.packet(0, 20, second.subarray(20, at + 20)).octets, Side.A);
      bench.give(talk.packet(0, 0, second.subarray(0, at + 3)).octets, Side.A);
      bench.give(talk.packet(0, at + 2, second.subarray(at + 2)).octets, Side.A);
      const got = latin(bench.received(Side.B, talk.first(0)));
      expect(got).not.toContain(NAME);
      const isRefused = bench.verdicts('flow.identified').length > 0;
      expect(isRefused).toBe(got.length < VECTOR.length);
    }
  });

  test('behind another whose hops do not suffice: the first reaches its server', () => {
    const { bench, talk } = opened();
    const decoy = talk.packet(0, 0, OTHER).octets;
    decoy[IP + 8] = 2;
    decoy.set([0, 0], IP + 10);
    const sum = foldChecksum(addWords(decoy, IP, IP + 20, 0));
    decoy.set([sum >> 8, sum & 255], IP + 10);
    bench.give(decoy, Side.A);
    const out = bench.out.at(-1)?.octets ?? new Uint8Array(0);
    expect(out[IP + 8]).toBeGreaterThanOrEqual(32);
    expect(segmentOf(out).isIntact).toBe(true);
    expect(latin(bench.received(Side.B, talk.first(0)))).toBe(latin(OTHER));
  });

  test('behind another whose checksum is wrong', () => {
    const one = opened();
    const decoy = one.talk.packet(0, 0, OTHER).octets;
    decoy[IP + 20 + 16] = (decoy[IP + 20 + 16] ?? 0) ^ 0x55;
    one.bench.give(decoy, Side.A);
    one.bench.give(one.talk.say(0, VECTOR).octets, Side.A);
    expectRefused(one);
  });

  test('in the SYN', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443 });
    bench.give(talk.packet(0, -1, VECTOR, SYN).octets, Side.A);
    expect(segmentOf(bench.out[0]?.octets ?? new Uint8Array(0)).payload).toHaveLength(0);
    bench.give(talk.packet(1, -1, '', SYN | ACK, 0).octets, Side.B);
    bench.give(talk.say(0, VECTOR).octets, Side.A);
    expectRefused({ bench, talk });
  });

  test('in the SYN, of which the server says that it took it', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443 });
    bench.give(talk.packet(0, -1, VECTOR, SYN).octets, Side.A);
    talk.said[0] = VECTOR.length;
    bench.give(talk.packet(1, -1, '', SYN | ACK, VECTOR.length).octets, Side.B);
    bench.give(talk.packet(0, VECTOR.length, '', ACK).octets, Side.A);
    expect(latin(bench.received(Side.B, talk.first(0)))).toBe('');
    for (const { octets } of bench.out) expect(latin(octets)).not.toContain(NAME);
  });

  test('urgent', () => {
    const one = opened();
    const half = VECTOR.length >> 1;
    one.bench.give(one.talk.packet(0, 0, VECTOR.subarray(0, half), ACK | PSH | URG).octets, Side.A);
    one.bench.give(one.talk.packet(0, half, VECTOR.subarray(half), ACK | URG).octets, Side.A);
    one.talk.said[0] = VECTOR.length;
    expectRefused(one);
  });

  test('in IP fragments, in any order', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const one = opened();
      const pieces = fragments(one.talk.say(0, VECTOR), 24, 120);
      for (const i of order) one.bench.give(pieces[i] ?? new Uint8Array(0), Side.A);
      for (const { octets } of one.bench.out) expect(latin(octets)).not.toContain(NAME);
      expect(one.bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
    }
  });

  test('over IPv6, behind extension headers', () => {
    const options = [0, 1, 4, 0, 0, 0, 0].slice(0, 7);
    const one = opened({ isIpv6: true });
    const packet = one.talk.say(0, VECTOR);
    one.bench.give(
      extended(packet, [0, options], [60, options], [43, [0, 4, 0, 0, 0, 0, 0]]),
      Side.A,
    );
    expectRefused(one);
  });

  test('in an atomic IPv6 fragment', () => {
    const one = opened({ isIpv6: true });
    one.bench.give(extended(one.talk.say(0, VECTOR), [44, [0, 0, 0, 0, 0, 0, 9]]), Side.A);
    expectRefused(one);
  });

  test('in a VLAN', () => {
    const one = opened({ vlan: 7 });
    one.bench.give(one.talk.say(0, VECTOR).octets, Side.A);
    expectRefused(one);
  });

  test('inside HTTP CONNECT and SOCKS5', () => {
    const rows: [number, [0 | 1, string | Uint8Array][]][] = [
      [
        3128,
        [
          [0, 'CONNECT 198.51.100.7:443 HTTP/1.1\r\n\r\n'],
          [1, 'HTTP/1.1 200 ok\r\n\r\n'],
        ],
      ],
      [
        1080,
        [
          [0, Uint8Array.of(5, 1, 0)],
          [1, Uint8Array.of(5, 0)],
          [0, Uint8Array.of(5, 1, 0, 1, 198, 51, 100, 7, 1, 187)],
          [1, Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)],
        ],
      ],
    ];
    for (const [serverPort, before] of rows) {
      const one = opened({ serverPort });
      for (const [by, what] of before) {
        one.bench.give(one.talk.say(by, what).octets, by === 0 ? Side.A : Side.B);
      }
      one.bench.give(one.talk.say(0, VECTOR).octets, Side.A);
      expectRefused(one);
    }
  });

  test('after first octets of the server', () => {
    for (const first of ['\x16', '\x16\x03']) {
      const one = opened();
      one.bench.give(one.talk.say(1, first).octets, Side.B);
      one.bench.give(one.talk.say(0, VECTOR).octets, Side.A);
      const got = latin(one.bench.received(Side.B, one.talk.first(0)));
      expect(got, first).not.toContain(NAME);
    }
  });

  test.each(['pass', 'drop'] as const)(
    'slowly: the hold time runs out, overload: %s',
    (overload) => {
      const one = opened({}, overload);
      one.bench.give(one.talk.say(0, VECTOR.subarray(0, 120)).octets, Side.A);
      one.bench.later(60_000);
      one.bench.give(one.talk.say(0, VECTOR.subarray(120)).octets, Side.A);
      expect(latin(one.bench.received(Side.B, one.talk.first(0))).length).toBeLessThan(
        VECTOR.length,
      );
      // Reset when the time ran out, nobody is asked whose it is.
      const verdicts = overload === 'pass' ? [REFUSE] : [];
      expect(one.bench.verdicts('flow.identified')).toMatchObject(verdicts);
      expect(one.bench.give(one.talk.say(1, 'an answer').octets, Side.B)).toBe(Fate.Drop);
    },
  );

  test('longer than is held', () => {
    const long = clientHello({
      extensions: [supportedVersions(0x0304), padding(12_000), serverName(NAME)],
    }).wire;
    const one = opened();
    for (let at = 0; at < long.length; at += 1400) {
      one.bench.give(one.talk.say(0, long.subarray(at, at + 1400)).octets, Side.A);
    }
    expectRefused(one);
  });
});

function padding(length: number): Uint8Array {
  return Uint8Array.from([0, 21, length >> 8, length & 255, ...new Array<number>(length).fill(0)]);
}

describe('a QUIC hello', () => {
  const whole = helloFor(NAME, 600);
  const halves = [
    initial([cryptoFrame(whole.subarray(0, 300))], { number: 0 }),
    initial([cryptoFrame(whole.subarray(300), 300)], { number: 1 }),
  ] as const;
  const hello = initial([cryptoFrame(helloFor(NAME))]);

  function udp(ends: Ends = {}) {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443, ...ends });
    const send = (by: 0 | 1, octets: Uint8Array) =>
      bench.give(talk.datagram(by, octets).octets, by === 0 ? Side.A : Side.B);
    return { bench, talk, send };
  }

  test.each([
    [0, 1],
    [1, 0],
  ] as const)('in two datagrams, the %ith first: not both go on', (first, second) => {
    const { bench, send } = udp();
    send(0, halves[first]);
    expect(send(0, halves[second])).toBe(Fate.Drop);
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
    // Both again, as a client repeats them, and an answer to what went by.
    expect(send(0, halves[0])).toBe(Fate.Drop);
    expect(send(0, halves[1])).toBe(Fate.Drop);
    expect(send(1, halves[0])).toBe(Fate.Drop);
  });

  test('in IP fragments', () => {
    const { bench, talk } = udp();
    const pieces = fragments(talk.datagram(0, hello), 400, 800);
    for (const i of [2, 0, 1]) bench.give(pieces[i] ?? new Uint8Array(0), Side.A);
    expect(bench.out).toHaveLength(0);
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
  });

  test('after a version that nobody knows, and the negotiation', () => {
    const { bench, send } = udp();
    const unknown = hello.slice();
    unknown.set([0x1a, 0x2a, 0x3a, 0x4a], 1);
    send(0, unknown);
    const id = hello.subarray(6, 14);
    send(1, Uint8Array.of(0x80, 0, 0, 0, 0, 0, 8, ...id, 0, 0, 0, 1));
    expect(send(0, hello)).toBe(Fate.Drop);
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
  });

  test('behind early data (0-RTT) and keep-alives', () => {
    const { bench, send } = udp();
    send(0, Uint8Array.of(0));
    send(0, initial([cryptoFrame(helloFor(NAME))], { type: 1 }));
    expect(send(0, hello)).toBe(Fate.Drop);
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
  });

  test('over IPv6 behind extension headers, in a VLAN', () => {
    const { bench, talk } = udp({ isIpv6: true });
    const packet = extended(talk.datagram(0, hello), [60, [0, 1, 4, 0, 0, 0, 0]]);
    expect(bench.give(packet, Side.A)).toBe(Fate.Drop);
    expect(udp({ vlan: 9 }).send(0, hello)).toBe(Fate.Drop);
  });

  test('from another port, to another port', () => {
    const first = udp();
    expect(first.send(0, hello)).toBe(Fate.Drop);
    const moved = new Connection({ serverPort: 8443, clientPort: 1234 });
    expect(first.bench.give(moved.datagram(0, hello).octets, Side.A)).toBe(Fate.Drop);
  });
});

describe('STUN', () => {
  const u16 = (n: number) => [n >> 8, n & 255];
  const stun = (type: number, ...attributes: readonly number[]) =>
    Uint8Array.from([
      ...u16(type),
      ...u16(attributes.length),
      ...[0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      ...attributes,
    ]);
  const realm = Buffer.from('relay.whatsapp.net'.padEnd(20, '\0')).subarray(0, 18);
  const withRealm = stun(0x0113, 0, 20, ...u16(18), ...realm, 0, 0);
  const channel = Uint8Array.from(
    [0x40, 0, 0, 8, ...'octets!!'].map((c) => (typeof c === 'string' ? c.charCodeAt(0) : c)),
  );

  test('of a refused relay neither channels nor answers go on', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 3478 });
    const send = (by: 0 | 1, octets: Uint8Array) =>
      bench.give(talk.datagram(by, octets).octets, by === 0 ? Side.A : Side.B);
    expect(send(0, stun(3))).toBe(Fate.Forward);
    expect(send(1, withRealm)).toBe(Fate.Drop);
    expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
    for (const by of [0, 1, 0] as const) expect(send(by, channel)).toBe(Fate.Drop);
    expect(send(0, stun(3))).toBe(Fate.Drop);
  });
});

describe('others', () => {
  const lookup = (name: string) => {
    const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
    return Uint8Array.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
  };
  const question = lookup(NAME);
  const told = Uint8Array.from([0, question.length, ...question]);

  test('a lookup over TCP, wherever it is cut: never whole', () => {
    for (let cut = 1; cut < told.length; cut++) {
      const { bench, talk } = opened({ serverPort: 53 });
      bench.give(talk.say(0, told.subarray(0, cut)).octets, Side.A);
      bench.give(talk.say(0, told.subarray(cut)).octets, Side.A);
      expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain(latin(told));
      expect(bench.verdicts('flow.identified')).toMatchObject([REFUSE]);
    }
  });

  test('a lookup behind one of nobody’s', () => {
    const { bench, talk } = opened({ serverPort: 53 });
    const other = lookup('www.office.example');
    const both = Uint8Array.from([0, other.length, ...other, ...told]);
    bench.give(talk.say(0, both).octets, Side.A);
    const got = latin(bench.received(Side.B, talk.first(0)));
    expect(got).not.toContain('\x03mmg\x08whatsapp\x03net');
  });
});
