import { describe, expect, test } from 'vitest';
import {
  block,
  enhanced,
  interfaceBlock,
  joined,
  Octets,
  option,
  read,
  section,
} from './capture.fixture.ts';

const FRAME = Uint8Array.from([1, 2, 3, 4, 5]);
const MICROSECONDS = 1_700_000_000_123_456n;
const ethernet = interfaceBlock(1, 0);
const one = { number: 1, time: 0, linkType: 1, originalLength: 5, octets: [...FRAME] };

/** A file of one section in one byte order, with every kind of block. */
function everyBlock(little: boolean): Uint8Array {
  const high = Number(MICROSECONDS >> 32n);
  const low = Number(MICROSECONDS & 0xffffffffn);
  const old = new Octets(little).u16(0, 9).u32(high, low, 5, 60).raw(FRAME).done;
  const simple = new Octets(little).u32(60).raw(FRAME).done;
  return joined(
    section(little),
    interfaceBlock(1, 5, option(2, Uint8Array.from([0x65, 0x74, 0x68]), little), little),
    block(0x0bad, Uint8Array.from([1, 2, 3, 4, 5, 6, 7]), little), // unknown
    enhanced(FRAME, { ticks: MICROSECONDS, original: 60, little }),
    block(4, new Uint8Array(0), little), // names, empty
    block(2, old, little),
    block(3, simple, little),
  );
}

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('%s', (_name, little) => {
  const file = everyBlock(little);
  const frame = { ...one, time: Number(MICROSECONDS), originalLength: 60 };

  test('every kind of block; a simple packet takes the time of the one before', () => {
    expect(read(file)).toEqual({
      seen: [frame, { ...frame, number: 2 }, { ...frame, number: 3 }],
      fault: '',
    });
  });

  test('any cut into pieces gives the same', () => {
    const whole = read(file);
    for (let size = 1; size < file.length; size++) expect(read(file, size)).toEqual(whole);
  });

  test('every prefix gives the frames that are whole', () => {
    const whole = read(file).seen;
    for (let length = 1; length < file.length; length++) {
      const { seen, fault } = read(file.slice(0, length));
      expect(seen).toEqual(whole.slice(0, seen.length));
      expect(seen.length).toBeLessThan(3);
      if (length > 28 && fault !== '') expect(fault).toContain('cut off in the middle of a block');
    }
  });
});

describe('time', () => {
  const stamp = (options: Uint8Array, ticks: bigint) =>
    read(joined(section(), interfaceBlock(1, 0, options), enhanced(FRAME, { ticks }))).seen[0]
      ?.time;
  const resolution = (octet: number) => option(9, Uint8Array.from([octet]));

  test.each([
    ['10^-0', 0, 1_700_000_000n, 1.7e15],
    ['10^-3', 3, 1_700_000_000_123n, 1_700_000_000_123_000],
    ['10^-6', 6, MICROSECONDS, 1_700_000_000_123_456],
    ['10^-9', 9, 1_700_000_000_123_456_789n, 1_700_000_000_123_456],
    ['10^-9, the last before the next', 9, 1_700_000_000_123_456_999n, 1_700_000_000_123_456],
    ['10^-12', 12, 1_700_000_123_456_789_012n, 1_700_000_123_456],
    ['2^-0', 0x80, 1_700_000_000n, 1.7e15],
    ['2^-10', 0x8a, (1_700_000_000n << 10n) + 512n, 1.7e15 + 500_000],
    ['2^-20', 0x94, (1_700_000_000n << 20n) + 1n, 1.7e15],
    ['2^-32', 0xa0, (1_700_000_000n << 32n) + (1n << 31n), 1.7e15 + 500_000],
    ['2^-33', 0xa1, (1_700_000_000n << 33n) + (1n << 31n), 1.7e15 + 250_000],
    ['2^-60', 0xbc, (7n << 60n) + (1n << 59n), 7_500_000],
  ])('%s seconds', (_name, octet, ticks, expected) => {
    expect(stamp(resolution(octet), ticks)).toBe(expected);
  });

  test('every unit there is gives a finite time', () => {
    for (let octet = 0; octet < 256; octet++) {
      expect(stamp(resolution(octet), 0xffffffffffffffffn)).toSatisfy(Number.isFinite);
    }
  });

  test('an offset in seconds, also a negative one', () => {
    const offset = (seconds: bigint) => {
      const value = BigInt.asUintN(64, seconds);
      const words = new Octets(true).u32(Number(value & 0xffffffffn), Number(value >> 32n));
      return option(14, words.done);
    };
    expect(stamp(offset(3600n), MICROSECONDS)).toBe(1_700_003_600_123_456);
    expect(stamp(offset(-3600n), MICROSECONDS)).toBe(1_699_996_400_123_456);
  });

  test('options end at their end mark, or where one does not fit', () => {
    const end = joined(option(0, new Uint8Array(0)), resolution(9));
    expect(stamp(end, MICROSECONDS)).toBe(Number(MICROSECONDS));
    const broken = new Octets(true).u16(9, 400).done;
    expect(stamp(broken, MICROSECONDS)).toBe(Number(MICROSECONDS));
  });
});

describe('sections and interfaces', () => {
  test('each packet has the link type and the clock of its interface', () => {
    const nanoseconds = option(9, Uint8Array.from([9]));
    const file = joined(
      section(),
      ethernet,
      interfaceBlock(101, 0, nanoseconds),
      enhanced(FRAME, { index: 1, ticks: 5000n }),
      enhanced(FRAME, { index: 0, ticks: 5000n }),
    );
    const seen = read(file).seen.map(({ linkType, time }) => [linkType, time]);
    expect(seen).toEqual([
      [101, 5],
      [1, 5000],
    ]);
  });

  test('a new section has interfaces and a byte order of its own', () => {
    const file = joined(
      section(true),
      ethernet,
      enhanced(FRAME),
      section(false),
      interfaceBlock(113, 0, new Uint8Array(0), false),
      enhanced(FRAME, { little: false }),
      section(true),
      enhanced(FRAME),
    );
    const { seen, fault } = read(file);
    expect(seen.map((frame) => frame.linkType)).toEqual([1, 113]);
    expect(fault).toContain('packet 3 is of interface 0, which the file does not describe');
  });
});

test('an unknown block larger than the window is passed over', () => {
  const huge = block(0x80000001, new Uint8Array(9 << 20));
  const file = joined(section(), ethernet, enhanced(FRAME), huge, enhanced(FRAME));
  expect(read(file, 1 << 16)).toEqual({ seen: [one, { ...one, number: 2 }], fault: '' });
});

describe('corrupt', () => {
  const start = joined(section(), ethernet, enhanced(FRAME));
  const changed = (good: Uint8Array, at: number, ...octets: number[]) => {
    const copy = good.slice();
    copy.set(octets, at);
    return copy;
  };
  const packet = enhanced(FRAME);
  const unknown = block(0x0bad, new Uint8Array(8));

  test.each([
    ['packet block of 8 octets', changed(packet, 4, 8), 'a block claims 8 octets'],
    ['length that is no multiple of 4', changed(packet, 4, 41), 'a block claims 41 octets'],
    ['packet block of 2 GB', changed(packet, 4, 0, 0, 0, 0x7f), 'a block claims 2130706432 octets'],
    ['packet block of 4 GB', changed(packet, 4, 0, 0, 0, 0xff), 'a block claims 4278190080 octets'],
    [
      'other length at the end',
      changed(packet, packet.length - 4, 44),
      'does not end with its length',
    ],
    ['unknown block of 4 octets', changed(unknown, 4, 4), 'a block claims 4 octets'],
    [
      'unknown block, other length at the end',
      changed(unknown, 16, 24),
      'does not end with its length',
    ],
    [
      'more captured than the block holds',
      enhanced(FRAME, { captured: 9 }),
      'packet 2 claims 9 captured',
    ],
    ['negative captured', enhanced(FRAME, { captured: 0xffffffff }), 'packet 2 claims 4294967295'],
    ['interface that is not there', enhanced(FRAME, { index: 3 }), 'interface 3, which'],
    ['packet block too short', block(6, new Uint8Array(16)), 'a packet block is too short'],
    ['simple packet block too short', block(3, new Uint8Array(0)), 'too short'],
    ['obsolete packet block too short', block(2, new Uint8Array(12)), 'too short'],
    ['interface too short', block(1, new Uint8Array(4)), 'an interface description is too short'],
    ['section without byte order', changed(section(), 8, 0), 'no byte-order magic'],
    ['section of another version', section(true, 2), 'pcapng version 2.0 is not known'],
    ['section of 16 octets', changed(section(), 4, 16), 'a block claims 16 octets'],
    [
      'simple packet larger than its block',
      block(3, new Octets(true).u32(9).raw(FRAME).done),
      'claims 9',
    ],
  ])('%s', (_name, bad, expected) => {
    for (const size of [1, 7, 10_000]) {
      const { seen, fault } = read(joined(start, bad, packet), size);
      expect(seen).toEqual([one]);
      expect(fault).toMatch(/^test\.pcap: after packet 1, at octet \d+: /);
      expect(fault).toContain(expected);
    }
  });
});
