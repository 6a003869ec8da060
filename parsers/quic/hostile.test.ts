/** What a hostile client may send: nothing is thrown, memory and deciphering are bounded, lent octets stay as they are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ear, flowContext, joined } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { CRYPTO_LIMIT, CryptoStream } from './crypto-stream.ts';
import { QUIC } from './definition.ts';
import { readFrames } from './frames.ts';
import { probeQuic } from './probe.ts';
import {
  bytes,
  chlo,
  cryptoFrame,
  HELLO,
  helloFor,
  initial,
  PING,
  padding,
  varint,
} from './quic.fixture.ts';
import { afterVarint, varintAt } from './varint.ts';

const { ToServer, ToClient } = Direction;
const NAME = 'web.whatsapp.com';
/** Octets of a parser at most: itself, and a handshake twice over. */
const MOST = 1280 + 2 * CRYPTO_LIMIT;
const hello = helloFor(NAME, 300);

function heardOf(...datagrams: readonly Uint8Array[]) {
  const parser = QUIC.create(flowContext({ transport: 'udp' }));
  const ear = new Ear();
  for (const datagram of datagrams) {
    const lent = Buffer.from(datagram); // as a socket gives it: its slice() is a view
    const status = parser.push(ToServer, lent, ear);
    expect(Buffer.compare(lent, datagram), 'lent octets were written to').toBe(0);
    lent.fill(0xee);
    expect(parser.held()).toBeLessThanOrEqual(MOST);
    if (status !== Status.More) break;
  }
  return ear.heard;
}
const names = (heard: ReturnType<typeof heardOf>) =>
  heard.flatMap(({ identify }) => (identify as { hosts?: string[] } | undefined)?.hosts ?? []);

describe('frames', () => {
  const stream = (...frames: readonly Uint8Array[]) => {
    const made = new CryptoStream();
    readFrames(joined(...frames), false, made);
    return made;
  };

  test('a thousand PINGs, and as much padding, before the hello', () => {
    const pings = padding(1000).fill(1);
    expect(names(heardOf(initial([pings, padding(5000), cryptoFrame(hello)])))).toEqual([NAME]);
  });

  test('offsets near 2^62, and beyond what is kept, are passed over', () => {
    const far = joined(Uint8Array.of(6), bytes('ffffffffffffffff'), varint(4), bytes('01020304'));
    const edge = cryptoFrame(padding(20), CRYPTO_LIMIT - 10);
    expect(names(heardOf(initial([far, edge, far, cryptoFrame(hello)])))).toEqual([NAME]);
    expect(stream(far).held()).toBe(0);
    expect(stream(edge).held()).toBe(2 * CRYPTO_LIMIT);
  });

  test('a frame that is longer than its packet says nothing, nor does what comes behind', () => {
    const long = joined(Uint8Array.of(6, 0), varint(2 ** 40, 8), padding(10));
    expect(stream(long, cryptoFrame(hello)).whole).toBe(0);
    const ranges = joined(bytes('020100'), varint(2 ** 61, 8), bytes('00'), padding(1000));
    expect(stream(ranges, cryptoFrame(hello)).whole).toBe(0);
    expect(stream(bytes('1e'), cryptoFrame(hello)).whole).toBe(0); // HANDSHAKE_DONE may not stand here
    const close = joined(bytes('1c0000'), varint(2 ** 61, 8));
    expect(stream(close, cryptoFrame(hello)).whole).toBe(0);
  });

  test('every prefix of a packet’s frames gives a prefix of the handshake', () => {
    const frames = joined(
      PING,
      cryptoFrame(hello.subarray(0, 90)),
      bytes('0201000001'),
      cryptoFrame(hello.subarray(90), 90),
    );
    for (let length = 0; length <= frames.length; length++) {
      const { octets, whole } = stream(frames.subarray(0, length));
      expect(octets.subarray(0, whole)).toEqual(hello.subarray(0, whole));
    }
  });

  test('a hello octet by octet, backwards, is put together', () => {
    const one = (i: number) => cryptoFrame(hello.subarray(i, i + 1), i);
    const packets = [2, 1, 0].map((third) => {
      const indices = [...hello.keys()].slice(
        100 * third,
        third === 2 ? undefined : 100 * third + 100,
      );
      return initial(indices.reverse().map(one), { number: third });
    });
    expect(names(heardOf(...packets))).toEqual([NAME]);
  });

  test('a handshake longer than what is kept is read as far as it is kept', () => {
    const huge = joined(bytes('01ffffff'), helloFor(NAME, 300).subarray(4), padding(20_000));
    const parts = Array.from({ length: 8 }, (_, i) =>
      initial([cryptoFrame(huge.subarray(2400 * i, 2400 * (i + 1)), 2400 * i)], { size: 0 }),
    );
    expect(names(heardOf(...parts))).toEqual([NAME]);
  });
});

describe('packets', () => {
  test('more Initials than are deciphered: the address is what is left', () => {
    const empty = initial([PING]);
    expect(
      heardOf(...Array.from({ length: 12 }, () => empty), initial([cryptoFrame(hello)])),
    ).toEqual([{ identify: { evidence: 'address', protocolVersion: '1', reason: 'QUIC' } }]);
  });

  test('many packets in one datagram', () => {
    const small = initial([PING], { size: 20 });
    const many = joined(...Array.from({ length: 20 }, () => small));
    expect(names(heardOf(many, initial([cryptoFrame(hello)])))).toEqual([]);
    expect(names(heardOf(joined(small, small, initial([cryptoFrame(hello)]))))).toEqual([NAME]);
  });

  test('a token as long as the datagram allows', () => {
    const token = padding(16_000).fill(7);
    expect(names(heardOf(initial([cryptoFrame(hello)], { token })))).toEqual([NAME]);
  });

  test('cut anywhere: no name, nothing thrown', () => {
    const packet = initial([cryptoFrame(hello)], { size: 0 });
    for (let length = 0; length < packet.length; length++) {
      expect(names(heardOf(packet.subarray(0, length)))).toEqual([]);
    }
  });

  test('one wrong bit anywhere: no name', () => {
    const packet = initial([cryptoFrame(hello)], { size: 0 });
    for (let i = 0; i < packet.length; i++) {
      const wrong = packet.slice();
      wrong[i] = (wrong[i] ?? 0) ^ 1;
      expect(names(heardOf(wrong)), `octet ${i}`).toEqual([]);
    }
  });
});

describe('varints', () => {
  test.each([
    ['c2197c5eff14e88c', Number(151_288_809_941_952_652n)],
    ['9d7f3e7d', 494_878_333],
    ['7bbd', 15_293],
    ['25', 37],
    ['4025', 37],
    ['ffffffffffffffff', 2 ** 62],
  ])('RFC 9000 A.1: %s', (wire, value) => {
    const octets = bytes(wire);
    expect(varintAt(octets, 0)).toBe(value);
    expect(afterVarint(octets, 0, octets.length)).toBe(octets.length);
    expect(afterVarint(octets, 0, octets.length - 1)).toBe(-1);
    expect(afterVarint(octets, octets.length, octets.length)).toBe(-1);
  });
});

describe('random octets', () => {
  const seeds = [
    initial([cryptoFrame(HELLO)]),
    initial([cryptoFrame(hello)], { version: 0xfaceb002, size: 0 }),
    initial([cryptoFrame(chlo({ SNI: NAME }), 0, 8)], { version: 0x51303530 }),
    bytes('8000000000000100000001'),
  ];
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(1300), fc.nat(255)), { maxLength: 6 }),
      fc.nat(1300),
    )
    .map(([seed, changes, length]) => {
      const octets = seed.slice(0, length < 100 ? length : seed.length);
      for (const [at, value] of changes) if (at < octets.length) octets[at] = value;
      return octets;
    });
  /** Frames as anybody can seal them. */
  const sealed = fc.uint8Array({ maxLength: 400 }).map((frames) => initial([frames], { size: 0 }));
  const datagram = fc.oneof(mutated, sealed, fc.uint8Array({ maxLength: 1400 }));

  test('nothing is thrown, memory stays bounded, and it ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(ToServer, ToClient), datagram)),
        (datagrams) => {
          const parser = QUIC.create(flowContext({ transport: 'udp' }));
          const ear = new Ear();
          for (const [direction, octets] of datagrams) {
            probeQuic(direction, octets, false);
            if (parser.push(direction, octets, ear) !== Status.More) break;
            expect(parser.held()).toBeLessThanOrEqual(MOST);
          }
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          expect(
            ear.heard.filter(({ identify }) => identify !== undefined).length,
          ).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('frames of any kind: nothing is thrown, nothing beyond the limit is kept', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), fc.boolean(), (frames, isGoogle) => {
        const stream = new CryptoStream();
        readFrames(frames, isGoogle, stream);
        expect(stream.held()).toBeLessThanOrEqual(2 * CRYPTO_LIMIT);
        expect(stream.whole).toBeLessThanOrEqual(frames.length);
      }),
    );
  });
});
