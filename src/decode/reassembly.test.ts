/** Fragments: put together whatever their order, refused where they lie, bounded where they flood. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoder, outcome } from './decode.fixture.ts';
import type { Decoder } from './decoder.ts';
import { fragment6, ipv4, octets, tcp, text, udp, VIEW4, VIEW6 } from './frame.fixture.ts';

const RAW = 101;
const SAID = 'The quick brown fox jumps over the lazy dog, twice in one datagram.';
const DATAGRAM = udp(53, text(SAID));
const HELD = { decoded: 'FragmentHeld' };
const MALFORMED = { decoded: 'Malformed' };

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly more?: boolean;
  readonly id?: number;
  readonly from?: Uint8Array;
}

function piece4(piece: Piece): Uint8Array {
  const from = piece.from ?? DATAGRAM;
  const more = piece.more ?? piece.end < from.length;
  const fields = { id: piece.id ?? 1, offset: piece.offset, more };
  return ipv4(17, from.slice(piece.offset, piece.end), fields);
}

function piece6(piece: Piece): Uint8Array {
  const from = piece.from ?? DATAGRAM;
  const more = piece.more ?? piece.end < from.length;
  return fragment6(17, piece.id ?? 1, piece.offset, more, from.slice(piece.offset, piece.end));
}

const feed = (by: Decoder, packet: Uint8Array, time = 0) =>
  outcome(by, packet, { linkType: RAW, time });

const END = DATAGRAM.length;
const whole = (payload = SAID, version = 4) => ({
  decoded: 'Udp',
  version,
  addresses: version === 4 ? VIEW4 : VIEW6,
  ports: [40000, 53],
  payload,
  missing: 0,
  vlan: -1,
  bad: false,
});

describe.each([
  ['IPv4', piece4, whole()],
  ['IPv6', piece6, whole(SAID, 6)],
] as const)('%s', (_name, piece, complete) => {
  test('three fragments in every order', () => {
    const pieces = [
      piece({ offset: 0, end: 16 }),
      piece({ offset: 16, end: 48 }),
      piece({ offset: 48, end: END }),
    ];
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const by = decoder();
      const seen = order.map((i) => feed(by, pieces[i] ?? new Uint8Array(0)));
      expect(seen).toEqual([HELD, HELD, complete]);
      expect(by.counters).toMatchObject({ fragments: 3, datagrams: 1, fragmentConflicts: 0 });
    }
  });

  test('the smallest fragments there are', () => {
    const by = decoder();
    const seen = [];
    for (let at = 0; at < END; at += 8) {
      seen.push(feed(by, piece({ offset: at, end: Math.min(at + 8, END) })));
    }
    expect(seen.slice(0, -1)).toEqual(seen.slice(0, -1).map(() => HELD));
    expect(seen.at(-1)).toEqual(complete);
  });

  test('an exact duplicate changes nothing', () => {
    const by = decoder();
    expect(feed(by, piece({ offset: 0, end: 32 }))).toEqual(HELD);
    expect(feed(by, piece({ offset: 0, end: 32 }))).toEqual(HELD);
    expect(feed(by, piece({ offset: 32, end: END }))).toEqual(complete);
    expect(by.counters).toMatchObject({ fragmentOverlaps: 1, fragmentConflicts: 0 });
  });

  test('datagrams of other identifications do not mix', () => {
    const by = decoder();
    expect(feed(by, piece({ offset: 0, end: 32, id: 1 }))).toEqual(HELD);
    expect(feed(by, piece({ offset: 32, end: END, id: 2 }))).toEqual(HELD);
    expect(feed(by, piece({ offset: 32, end: END, id: 1 }))).toEqual(complete);
  });

  test('after the timeout it begins anew, also when time runs backwards', () => {
    for (const later of [61e6, -61e6]) {
      const by = decoder();
      expect(feed(by, piece({ offset: 0, end: 32 }), 100e6)).toEqual(HELD);
      expect(feed(by, piece({ offset: 32, end: END }), 100e6 + later)).toEqual(HELD);
      expect(by.counters.fragmentTimeouts).toBe(1);
    }
  });

  test('a fragment beyond the largest datagram is refused', () => {
    const by = decoder();
    const giant = piece({
      offset: 65528,
      end: 65528 + 32,
      from: new Uint8Array(65600),
      more: true,
    });
    expect(feed(by, giant)).toEqual(MALFORMED);
    expect(by.counters.fragmentsOversize).toBe(1);
  });

  test('an empty fragment is refused', () => {
    const by = decoder();
    expect(feed(by, piece({ offset: 8, end: 8 }))).toEqual(MALFORMED);
    expect(by.counters.fragmentsMalformed).toBe(1);
  });

  test('a fragment cut by the snap length is not used', () => {
    const by = decoder();
    const packet = piece({ offset: 0, end: 32 });
    const info = { linkType: RAW, originalLength: packet.length };
    expect(outcome(by, packet.slice(0, -4), info)).toEqual({ decoded: 'Truncated' });
    expect(by.counters.fragmentsTruncated).toBe(1);
  });

  test('the largest datagram', () => {
    const big = udp(53, new Uint8Array(65507).fill(0x61));
    const by = decoder();
    let last = {};
    for (let at = 0; at < big.length; at += 1480) {
      last = feed(by, piece({ offset: at, end: Math.min(at + 1480, big.length), from: big }));
    }
    expect(last).toMatchObject({ decoded: 'Udp', missing: 0 });
    expect(last).toHaveProperty('payload.length', 65507);
  });
});

describe('overlaps', () => {
  const other = octets(DATAGRAM.slice(0, 8), new Uint8Array(END - 8).fill(0x58));

  test('IPv4: the first copy wins, a contradiction is counted', () => {
    const by = decoder();
    expect(feed(by, piece4({ offset: 0, end: 32 }))).toEqual(HELD);
    expect(feed(by, piece4({ offset: 16, end: END, from: other }))).toEqual(
      whole(SAID.slice(0, 24) + 'X'.repeat(END - 32)),
    );
    expect(by.counters).toMatchObject({ fragmentConflicts: 1, fragmentOverlaps: 0 });
  });

  test('IPv4: an overlap that agrees is no contradiction', () => {
    const by = decoder();
    expect(feed(by, piece4({ offset: 0, end: 32 }))).toEqual(HELD);
    expect(feed(by, piece4({ offset: 16, end: END }))).toEqual(whole());
    expect(by.counters).toMatchObject({ fragmentConflicts: 0, fragmentOverlaps: 1 });
  });

  test('IPv4: another end is a contradiction and leaves the first', () => {
    const by = decoder();
    expect(feed(by, piece4({ offset: 32, end: END }))).toEqual(HELD);
    expect(feed(by, piece4({ offset: 32, end: 48, more: false }))).toEqual(HELD);
    expect(feed(by, piece4({ offset: 72, end: 80, more: true, from: other }))).toMatchObject({
      decoded: 'Malformed', // no octets there
    });
    expect(feed(by, piece4({ offset: 0, end: 32 }))).toEqual(whole());
    expect(by.counters.fragmentConflicts).toBe(1);
  });

  test('IPv4: a length that is no multiple of 8 is cut, as Linux does', () => {
    const by = decoder();
    expect(feed(by, piece4({ offset: 0, end: 36 }))).toEqual(HELD);
    expect(feed(by, piece4({ offset: 32, end: END }))).toEqual(whole());
    expect(by.counters.fragmentsMalformed).toBe(1);
  });

  test.each([
    ['other octets', { offset: 16, end: 40, from: other }],
    ['the same octets, cut otherwise', { offset: 16, end: 40 }],
    ['a part of a fragment', { offset: 0, end: 16 }],
    ['the end of a fragment', { offset: 16, end: 32 }],
    ['another end', { offset: 8, end: 24, more: false }],
  ])('IPv6: %s drop the datagram and what follows of it (RFC 5722)', (_name, overlap) => {
    const by = decoder();
    expect(feed(by, piece6({ offset: 0, end: 32 }))).toEqual(HELD);
    expect(feed(by, piece6(overlap))).toEqual(MALFORMED);
    expect(feed(by, piece6({ offset: 32, end: END }))).toEqual(MALFORMED);
    expect(feed(by, piece6({ offset: 0, end: 32 }))).toEqual(MALFORMED);
    expect(by.counters.datagrams).toBe(0);
    expect(by.counters.fragmentOverlaps + by.counters.fragmentConflicts).toBe(1);
  });

  test('IPv6: a length that is no multiple of 8 is refused', () => {
    const by = decoder();
    expect(feed(by, piece6({ offset: 0, end: 36 }))).toEqual(MALFORMED);
    expect(by.counters.fragmentsMalformed).toBe(1);
  });
});

describe('inside tunnels', () => {
  test('fragments of a tunnel that carries fragments', () => {
    const inner = [piece4({ offset: 0, end: 32, id: 5 }), piece4({ offset: 32, end: END, id: 5 })];
    const by = decoder();
    const seen = [];
    for (const [i, packet] of inner.entries()) {
      seen.push(feed(by, ipv4(4, packet.slice(0, 24), { id: i, more: true })));
      seen.push(feed(by, ipv4(4, packet.slice(24), { id: i, offset: 24 })));
    }
    expect(seen).toEqual([HELD, HELD, HELD, whole()]);
    expect(by.counters.datagrams).toBe(3);
  });

  test('IPv6 extension headers behind the fragment header', () => {
    const body = octets('0600010400000000', tcp(text('hello')));
    const by = decoder();
    expect(feed(by, fragment6(60, 1, 0, true, body.slice(0, 24)))).toEqual(HELD);
    expect(feed(by, fragment6(60, 1, 24, false, body.slice(24)))).toMatchObject({
      decoded: 'Tcp',
      payload: 'hello',
    });
  });
});

describe('bounds', () => {
  test('datagrams: the oldest is given up', () => {
    const by = decoder({ fragmentedDatagrams: 2 });
    for (const id of [1, 2, 3]) feed(by, piece4({ offset: 0, end: 32, id }));
    expect(by.counters.fragmentedDatagramsRefused).toBe(1);
    expect(feed(by, piece4({ offset: 32, end: END, id: 3 }))).toEqual(whole());
    expect(feed(by, piece4({ offset: 32, end: END, id: 2 }))).toEqual(whole());
    expect(feed(by, piece4({ offset: 32, end: END, id: 1 }))).toEqual(HELD);
  });

  test('octets: the oldest is given up, and one that is too large alone', () => {
    const by = decoder({ fragmentOctets: 8192 });
    for (const id of [1, 2, 3]) feed(by, piece4({ offset: 0, end: 32, id }));
    expect(by.counters.fragmentOctetsRefused).toBe(1);
    const big = new Uint8Array(12_000);
    expect(feed(by, piece4({ offset: 0, end: 11_000 - (11_000 % 8), from: big, id: 9 }))).toEqual(
      MALFORMED,
    );
    expect(by.counters.fragmentOctetsRefused).toBe(4);
    // All memory was given back.
    expect(feed(by, piece4({ offset: 0, end: 4000, from: big.slice(0, 8000), id: 8 }))).toEqual(
      HELD,
    );
    expect(
      feed(by, piece4({ offset: 4000, end: 8000, from: big.slice(0, 8000), id: 8 })),
    ).toMatchObject({
      decoded: 'Udp',
    });
    expect(by.counters.datagrams).toBe(1);
  });

  test('a flood of fragments that fit nowhere', () => {
    const by = decoder({ fragmentedDatagrams: 64, fragmentOctets: 64 * 4096 });
    const from = new Uint8Array(65600);
    for (let i = 0; i < 20_000; i++) {
      const offset = ((i * 7919) % 8000) * 8;
      feed(by, piece4({ offset, end: offset + 8, from, id: i % 1000, more: true }));
    }
    expect(by.counters.fragments).toBe(20_000);
    expect(by.counters.datagrams).toBe(0);
  });
});

test('any cut and any order give the datagram', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, fc.infiniteStream(fc.nat()), (at, random) => {
      const ends = [0, ...at.sort((a, b) => a - b).map((cut) => cut * 8), END];
      const pieces = ends.slice(1).map((end, i) => piece4({ offset: ends[i] ?? 0, end }));
      const order = pieces.map((packet) => ({ packet, key: random.next().value }));
      order.sort((a, b) => a.key - b.key);
      const by = decoder();
      const seen = order.map(({ packet }) => feed(by, packet));
      expect(seen.filter((one) => one.decoded === 'Udp')).toEqual([whole()]);
      expect(seen.at(-1)).toEqual(whole());
    }),
  );
});
