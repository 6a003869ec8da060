/** Every encapsulation, whole, at every prefix, and with other octets around it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoder, frameOf, outcome } from './decode.fixture.ts';
import {
  ENCAPSULATIONS,
  ETHERNET,
  HELLO,
  TCP4,
  tcp4,
  tcp6,
  UDP4,
  udp4,
} from './encapsulations.fixture.ts';
import { ethernet, ipv4, ipv6, octets, tcp } from './frame.fixture.ts';
import { linkTypeName } from './link-types.ts';
import { Decoded, PacketView } from './packet-view.ts';

describe.each(ENCAPSULATIONS)('%s', (_name, linkType, frame, expected) => {
  test('whole', () => {
    expect(outcome(decoder(), frame, { linkType })).toEqual(expected);
  });

  test('no prefix throws or is read beyond its end', () => {
    for (let length = 0; length <= frame.length; length++) {
      const prefix = frame.slice(0, length);
      for (const originalLength of [length, frame.length]) {
        const dark = outcome(decoder(), prefix, { linkType, originalLength, around: 0 });
        const light = outcome(decoder(), prefix, { linkType, originalLength, around: 0xff });
        expect(dark).toEqual(light);
      }
    }
  });
});

describe('snap length', () => {
  test('cut payload is counted as missing', () => {
    const cut = { originalLength: ETHERNET.length };
    const seen = outcome(decoder(), ETHERNET.slice(0, -3), cut);
    expect(seen).toEqual({ ...tcp4, payload: 'he', missing: 3 });
    const datagram = ethernet(0x0800, UDP4);
    expect(outcome(decoder(), datagram.slice(0, -5), { originalLength: datagram.length })).toEqual({
      ...udp4,
      payload: '',
      missing: 5,
    });
  });

  test('cut TCP options leave the ports and the length', () => {
    const whole = ethernet(0x0800, ipv4(6, tcp(HELLO, '0101080a 00000001 00000002')));
    const seen = outcome(decoder(), whole.slice(0, 14 + 20 + 24), { originalLength: whole.length });
    expect(seen).toEqual({ ...tcp4, payload: '', missing: 5 });
  });

  test('a cut header is truncated where the frame was cut, malformed where it was not', () => {
    const half = ETHERNET.slice(0, 14 + 20 + 10);
    const fits = ethernet(0x0800, ipv4(6, tcp(HELLO).slice(0, 10)));
    expect(outcome(decoder(), half, { originalLength: 79 })).toEqual({ decoded: 'Truncated' });
    expect(outcome(decoder(), fits)).toEqual({ decoded: 'Malformed' });
  });
});

describe('bounds', () => {
  const nested = (depth: number): Uint8Array => {
    let packet = TCP4;
    for (let i = 0; i < depth; i++) packet = ipv4(4, packet);
    return packet;
  };

  test('tunnels up to the limit', () => {
    const by = decoder({ tunnelDepth: 3 });
    expect(outcome(by, nested(3), { linkType: 101 })).toEqual(tcp4);
    expect(outcome(by, nested(4), { linkType: 101 })).toEqual({ decoded: 'TooDeep' });
    expect(by.counters.outcomes[Decoded.TooDeep]).toBe(1);
  });

  test('IPv6 extension headers', () => {
    const chain = (count: number) =>
      ipv6(60, octets('3c00010400000000'.repeat(count - 1), '0600010400000000', tcp(HELLO)));
    expect(outcome(decoder(), chain(31), { linkType: 101 })).toEqual(tcp6);
    expect(outcome(decoder(), chain(500), { linkType: 101 })).toEqual({ decoded: 'TooDeep' });
  });

  test('a long stack of labels or tags costs its octets', () => {
    const tags = octets('0001 8100'.repeat(10_000));
    expect(outcome(decoder(), ethernet(0x8100, tags))).toEqual({ decoded: 'Malformed' });
    const labels = octets('00064040'.repeat(10_000));
    expect(outcome(decoder(), ethernet(0x8847, labels))).toEqual({ decoded: 'Malformed' });
  });
});

test('the view has every TCP field', () => {
  const view = new PacketView();
  const frame = frameOf(ETHERNET, { time: 1.5e15 });
  decoder().decode(frame, view);
  expect(view).toMatchObject({
    transport: 6,
    sequence: 0x01020304,
    acknowledgement: 0xfffefdfc | 0,
    flags: 0x18,
    window: 0x1234,
    frame: 7,
  });
  expect(view.time[0]).toBe(1.5e15);
  expect(view.buffer).toBe(frame.buffer);
});

test('link types have names', () => {
  expect(linkTypeName(1)).toBe('Ethernet (1)');
  expect(linkTypeName(147)).toBe('link type 147');
});

describe('hostile frames', () => {
  const linkTypes = fc.constantFrom(0, 1, 9, 50, 101, 104, 108, 113, 228, 229, 239, 276);
  const sane = (linkType: number, frame: Uint8Array, originalLength: number) => {
    const by = decoder();
    const dark = outcome(by, frame, { linkType, originalLength, around: 0 });
    expect(outcome(by, frame, { linkType, originalLength, around: 0xff })).toEqual(dark);
    const view = new PacketView();
    const packet = frameOf(frame, { linkType, originalLength });
    const decoded = by.decode(packet, view);
    if (decoded !== Decoded.Tcp && decoded !== Decoded.Udp) return;
    const end = view.buffer === packet.buffer ? packet.end : view.buffer.length;
    expect(view.payloadStart).toBeLessThanOrEqual(view.payloadEnd);
    expect(view.payloadEnd).toBeLessThanOrEqual(end);
    expect(view.payloadMissing).toBeGreaterThanOrEqual(0);
  };

  test('random octets', () => {
    const any = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(linkTypes, any, fc.nat(300), (linkType, frame, extra) => {
        sane(linkType, frame, frame.length + extra);
      }),
      { numRuns: 2000 },
    );
  });

  test('good frames with a few octets changed', () => {
    const change = fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 }));
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const cut = fc.nat(20);
    fc.assert(
      fc.property(
        fc.constantFrom(...ENCAPSULATIONS),
        changes,
        cut,
        ([, linkType, good], list, less) => {
          const frame = good.slice(0, Math.max(0, good.length - less));
          for (const [at, octet] of list) if (frame.length > 0) frame[at % frame.length] = octet;
          sane(linkType, frame, good.length);
        },
      ),
      { numRuns: 4000 },
    );
  });
});
