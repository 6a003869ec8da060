import { describe, expect, test } from 'vitest';
import { joined, Octets, read } from './capture.fixture.ts';
import { PcapWriter } from './pcap-writer.ts';

const FRAME = Uint8Array.from([1, 2, 3, 4, 5]);
const SECONDS = 1_700_000_000;

interface Header {
  readonly magic?: number;
  readonly major?: number;
  readonly snaplen?: number;
  readonly linkType?: number;
}

function header(little: boolean, given: Header = {}): Uint8Array {
  const { magic = 0xa1b2c3d4, major = 2, snaplen = 65535, linkType = 1 } = given;
  return new Octets(little).u32(magic).u16(major, 4).u32(0, 0, snaplen, linkType).done;
}

function record(little: boolean, fraction: number, frame = FRAME, captured = frame.length) {
  return new Octets(little).u32(SECONDS, fraction, captured, captured + 10).raw(frame).done;
}

const seen = (number: number, time: number, octets = FRAME) => ({
  number,
  time,
  linkType: 1,
  originalLength: octets.length + 10,
  octets: [...octets],
});

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('%s', (_name, little) => {
  test('microseconds', () => {
    const file = joined(header(little), record(little, 7), record(little, 999_999));
    expect(read(file)).toEqual({
      seen: [seen(1, SECONDS * 1e6 + 7), seen(2, SECONDS * 1e6 + 999_999)],
      fault: '',
    });
  });

  test('nanoseconds are cut to microseconds', () => {
    const file = joined(header(little, { magic: 0xa1b23c4d }), record(little, 123_456_999));
    expect(read(file).seen).toEqual([seen(1, SECONDS * 1e6 + 123_456)]);
  });

  test("Kuznetzov's longer record headers", () => {
    const extra = new Octets(little).u32(SECONDS, 7, 5, 15, 3).u16(0x800, 0).raw(FRAME).done;
    const file = joined(header(little, { magic: 0xa1b2cd34 }), extra, extra);
    expect(read(file).seen).toEqual([seen(1, SECONDS * 1e6 + 7), seen(2, SECONDS * 1e6 + 7)]);
  });

  test('any cut into pieces gives the same', () => {
    const file = joined(header(little), record(little, 1), record(little, 2), record(little, 3));
    const whole = read(file);
    expect(whole.seen).toHaveLength(3);
    for (let size = 1; size < file.length; size++) expect(read(file, size)).toEqual(whole);
  });

  test('every prefix gives the frames that are whole, and says where it ends', () => {
    const file = joined(header(little), record(little, 1), record(little, 2));
    for (let length = 1; length < file.length; length++) {
      const { seen: frames, fault } = read(file.slice(0, length));
      expect(frames).toHaveLength(length >= 45 ? 1 : 0);
      if (length === 24 || length === 45) expect(fault).toBe('');
      else if (length >= 24) {
        const [before, at] = length < 45 ? [0, 24] : [1, 45];
        expect(fault).toBe(
          `test.pcap: after packet ${before}, at octet ${at}: the file is cut off in the middle of ` +
            `packet ${before + 1}; everything before was read`,
        );
      } else expect(fault).not.toBe('');
    }
  });
});

test('numbers go on from another file', () => {
  const file = joined(header(true), record(true, 1), record(true, 2));
  expect(read(file, file.length, 40).seen.map((frame) => frame.number)).toEqual([41, 42]);
});

test('the upper half of the link type is no link type', () => {
  const file = joined(header(true, { linkType: 0x14000071 }), record(true, 1));
  expect(read(file).seen[0]?.linkType).toBe(113);
});

test('a file of nothing but its header is empty', () => {
  expect(read(header(true))).toEqual({ seen: [], fault: '' });
});

describe('corrupt', () => {
  test.each([262_145, 0x7fffffff, 0x80000000, 0xffffffff])('a packet of %i octets', (captured) => {
    const lie = record(true, 2, FRAME, captured);
    const { seen: frames, fault } = read(joined(header(true), record(true, 1), lie));
    expect(frames).toHaveLength(1);
    expect(fault).toBe(
      `test.pcap: after packet 1, at octet 45: packet 2 claims ${captured} captured octets ` +
        '(at most 262144 are possible): the file is corrupt from here on, everything before was ' +
        'read; tools like pcapfix may recover more',
    );
  });

  test('a version from the future', () => {
    expect(read(joined(header(true, { major: 3 }), record(true, 1)))).toEqual({
      seen: [],
      fault: 'test.pcap: pcap version 3.4 is not known (2.4 is)',
    });
  });

  test('original length less than captured, or beyond int32', () => {
    const short = new Octets(true).u32(SECONDS, 1, 5, 2).raw(FRAME).done;
    const long = new Octets(true).u32(SECONDS, 1, 5, 0xfffffff0).raw(FRAME).done;
    const { seen: frames } = read(joined(header(true), short, long));
    expect(frames.map((frame) => frame.originalLength)).toEqual([5, 0x7fffffff]);
  });
});

describe('snap length', () => {
  test.each([
    [0, 262_144],
    [96, 262_144],
    [1_000_000, 1_000_000],
  ])('a file that announces %i may have packets of %i octets', (snaplen, size) => {
    const big = new Uint8Array(size).fill(7);
    const file = [header(true, { snaplen }), record(true, 1, big)];
    const { seen: frames, fault } = read(joined(...file));
    expect(fault).toBe('');
    expect(frames[0]?.octets.length).toBe(size);
  });

  test('no announcement makes memory', () => {
    const file = joined(header(true, { snaplen: 0x7fffffff }), record(true, 1, FRAME, 0x7ffffff0));
    expect(read(file).fault).toContain('claims 2147483632 captured octets');
  });
});

test('what the writer writes is read', () => {
  const writer = new PcapWriter(101);
  const time = SECONDS * 1e6 + 123_456;
  const file = joined(writer.header(), writer.record(FRAME, time), writer.record(FRAME, time, 99));
  const frame = { number: 1, time, linkType: 101, originalLength: 5, octets: [...FRAME] };
  expect(read(file)).toEqual({
    seen: [frame, { ...frame, number: 2, originalLength: 99 }],
    fault: '',
  });
});
