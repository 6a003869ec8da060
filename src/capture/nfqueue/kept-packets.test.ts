import { describe, expect, test } from 'vitest';
import { KeptPackets } from './kept-packets.ts';

/** IPv4 and TCP headers, as far as they are compared. */
function packet4(source: number, sequence: number, length = 60): Uint8Array {
  const octets = new Uint8Array(length);
  octets.set([0x45, 0, 0, length, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, source, 10, 0, 0, 99]);
  octets.set([0x1a, 0x0b, 0, 80, 0, 0, 0, sequence], 20);
  return octets;
}

function packet6(source: number, sequence: number): Uint8Array {
  const octets = new Uint8Array(80);
  octets.set([0x60, 0, 0, 0, 0, 40, 6, 64]);
  octets[23] = source;
  octets[39] = 99;
  octets.set([0x1a, 0x0b, 0, 80, 0, 0, 0, sequence], 40);
  return octets;
}

function add(kept: KeptPackets, id: number, octets: Uint8Array, now = 0): void {
  kept.add(id, id + 100, now, octets, 0, octets.length);
}

function found(kept: KeptPackets, octets: Uint8Array): number | undefined {
  const place = kept.find(octets, 0, octets.length);
  return place < 0 ? undefined : kept.id(place);
}

describe.each([
  ['IPv4', packet4],
  ['IPv6', packet6],
])('%s', (_name, packet) => {
  test('a copy with other content is known by its headers', () => {
    const kept = new KeptPackets(8);
    add(kept, 1, packet(1, 10));
    add(kept, 2, packet(1, 20));
    add(kept, 3, packet(2, 20));
    const copy = packet(1, 20);
    copy[copy.length - 1] = 0x20;
    expect(found(kept, copy)).toBe(2);
    const place = kept.find(copy, 0, copy.length);
    expect(kept.mark(place)).toBe(102);
    kept.remove(place);
    expect(found(kept, copy)).toBeUndefined();
    expect(kept.size).toBe(2);
  });

  test('another sender, sequence number or port is another packet', () => {
    const kept = new KeptPackets(8);
    add(kept, 1, packet(1, 10));
    const port = packet(1, 10);
    port[packet === packet4 ? 21 : 41] = 0x0c;
    expect(found(kept, packet(2, 10))).toBeUndefined();
    expect(found(kept, packet(1, 11))).toBeUndefined();
    expect(found(kept, port)).toBeUndefined();
    expect(found(kept, packet(1, 10))).toBe(1);
  });
});

test('another length is another packet; hop count and checksum do not matter', () => {
  const kept = new KeptPackets(8);
  add(kept, 1, packet4(1, 10));
  expect(found(kept, packet4(1, 10, 61))).toBeUndefined();
  const hop = packet4(1, 10);
  hop[8] = 63;
  hop[10] = 0x12;
  expect(found(kept, hop)).toBe(1);
});

test('the oldest of equal packets goes first', () => {
  const kept = new KeptPackets(8);
  for (const id of [4, 5]) add(kept, id, packet4(1, 10));
  const place = kept.find(packet4(1, 10), 0, 60);
  expect(kept.id(place)).toBe(4);
  kept.remove(place);
  expect(found(kept, packet4(1, 10))).toBe(5);
});

test('places are used again, in whatever order they become free', () => {
  const kept = new KeptPackets(3);
  for (let round = 0; round < 10; round++) {
    for (const i of [0, 1, 2]) add(kept, round * 3 + i, packet4(1, i), round);
    expect(kept.isFull).toBe(true);
    for (const i of [1, 0, 2]) {
      const place = kept.find(packet4(1, i), 0, 60);
      expect(kept.id(place)).toBe(round * 3 + i);
      kept.remove(place);
    }
    expect(kept.size).toBe(0);
    expect(kept.isFull).toBe(false);
  }
});

test('the oldest is told by its age', () => {
  const kept = new KeptPackets(8);
  add(kept, 1, packet4(1, 1), 100);
  add(kept, 2, packet4(1, 2), 200);
  expect(kept.olderThan(100)).toBe(-1);
  const place = kept.olderThan(150);
  expect(kept.id(place)).toBe(1);
  kept.remove(place);
  expect(kept.olderThan(150)).toBe(-1);
  kept.remove(kept.olderThan(Number.POSITIVE_INFINITY));
  expect(kept.olderThan(Number.POSITIVE_INFINITY)).toBe(-1);
});

test.each([0, 1, 19, 20, 27, 39, 40])('a packet of %i octets is no reason to fail', (length) => {
  const kept = new KeptPackets(2);
  const octets = packet4(1, 10).slice(0, length);
  add(kept, 1, octets);
  expect(found(kept, octets)).toBe(1);
});
