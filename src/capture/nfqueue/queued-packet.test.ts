import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attribute, message, packetHeader, timestamp, word } from './kernel-message.fixture.ts';
import { QueuedPacket } from './queued-packet.ts';

const PACKET = 0x300;
const PAYLOAD = Uint8Array.of(0x45, 1, 2, 3, 4, 5, 6); // an odd length: padded

const WHOLE = message(
  PACKET,
  4,
  packetHeader(0xfffffffe),
  word(5, 3), // NFQA_IFINDEX_INDEV: of no interest
  word(3, 0x80000001),
  timestamp(1_700_000_000, 123_456),
  word(14, 3),
  attribute(10, PAYLOAD),
);

function read(octets: Uint8Array, before = 0) {
  const buffer = new Uint8Array(before + octets.length + 8).fill(0xee);
  buffer.set(octets, before);
  const packet = new QueuedPacket();
  const known = packet.read(buffer, before, before + octets.length);
  return { known, packet, payload: buffer.slice(packet.start, packet.end) };
}

describe('a packet of the kernel', () => {
  test('all that is told', () => {
    const { known, packet, payload } = read(WHOLE, 16);
    expect(known).toBe(true);
    expect(packet.id).toBe(-2);
    expect(packet.mark).toBe(0x80000001 | 0);
    expect(packet.info).toBe(3);
    expect(packet.hasTime).toBe(true);
    expect(packet.time[0]).toBe(1_700_000_000_123_456);
    expect(payload).toEqual(PAYLOAD);
    expect(packet.length).toBe(PAYLOAD.length);
  });

  test('what is not told is not left over from the packet before', () => {
    const packet = new QueuedPacket();
    packet.read(WHOLE, 0, WHOLE.length);
    const bare = message(PACKET, 4, packetHeader(7));
    expect(packet.read(bare, 0, bare.length)).toBe(true);
    expect(packet).toMatchObject({ id: 7, mark: 0, info: 0, hasTime: false, length: 0 });
    expect(packet.end - packet.start).toBe(0);
  });

  test('a datagram that was cut keeps its length', () => {
    const cut = message(PACKET, 4, packetHeader(7), word(13, 70_000), attribute(10, PAYLOAD));
    expect(read(cut).packet.length).toBe(70_000);
  });

  test('without an id it is no packet', () => {
    expect(read(message(PACKET, 4, attribute(10, PAYLOAD))).known).toBe(false);
  });

  test.each([
    ['packet header', attribute(1, new Uint8Array(6))],
    ['mark', attribute(3, new Uint8Array(3))],
    ['time stamp', attribute(4, new Uint8Array(15))],
    ['skb information', attribute(14, new Uint8Array(0))],
    ['captured length', attribute(13, new Uint8Array(2))],
  ])('a short %s', (_name, short) => {
    expect(read(message(PACKET, 4, packetHeader(7), short)).known).toBe(false);
  });

  test.each([0, 1, 3, 0xffff])('an attribute that claims %i octets', (length) => {
    const lying = attribute(10, PAYLOAD);
    new DataView(lying.buffer, lying.byteOffset).setUint16(0, length, true);
    expect(read(message(PACKET, 4, packetHeader(7), lying)).known).toBe(false);
  });
});

describe('every prefix', () => {
  test.each([...WHOLE.keys()])('%i octets', (length) => {
    const prefix = WHOLE.slice(0, length);
    const { known, packet } = read(prefix);
    expect(packet.end).toBeLessThanOrEqual(length);
    // The padding behind the payload may be missing; nothing else may, once the payload has begun.
    if (known) expect([0, PAYLOAD.length]).toContain(packet.end - packet.start);
  });
});

test('whatever comes, the datagram lies within what came', () => {
  const octet = fc.constantFrom(0, 1, 3, 4, 8, 10, 13, 14, 255);
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 64 }), (attributes) => {
      const octets = message(PACKET, 0, Uint8Array.from(attributes));
      const { packet } = read(octets);
      expect(packet.start).toBeLessThanOrEqual(packet.end);
      expect(packet.end).toBeLessThanOrEqual(octets.length);
    }),
  );
});
