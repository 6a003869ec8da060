import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { cut, hex, joined } from '../../test/support/parser-harness.ts';
import { FlapFramer, type FlapListener, likelyFlapHead } from './flap.ts';

const A = hex("2a02 0001 0003 'abc'");
const B = hex('2a05 0002 0000');
const C = hex("2a02 0003 0005 '*****'");
const ALL = joined(A, B, C, A);

/** What is heard: `from channel payload`, or `lost from`. */
class Notes implements FlapListener {
  readonly heard: string[] = [];
  readonly likely = likelyFlapHead;
  frame(buffer: Uint8Array, start: number, end: number, from: number): void {
    const payload = String.fromCharCode(...buffer.subarray(start + 6, end));
    this.heard.push(`${from} ${buffer[start + 1]} ${payload}`);
  }
  lost(from: number): void {
    this.heard.push(`lost ${from}`);
  }
}

function feed(framer: FlapFramer, pieces: readonly Uint8Array[], notes = new Notes()): string[] {
  for (const piece of pieces) {
    const lent = Uint8Array.from(piece);
    framer.push(lent, notes);
    lent.fill(0xee);
  }
  return notes.heard;
}

const WANT = ['0 2 abc', '9 5 ', '15 2 *****', '26 2 abc'];

test('whole, octet by octet, cut in two everywhere', () => {
  expect(feed(new FlapFramer(false), [ALL])).toEqual(WANT);
  expect(feed(new FlapFramer(false), cut(ALL, [...ALL.keys()]))).toEqual(WANT);
  for (let at = 1; at < ALL.length; at++) {
    expect(feed(new FlapFramer(false), cut(ALL, [at])), `cut at ${at}`).toEqual(WANT);
  }
});

test('what is pending begins with the unfinished frame', () => {
  const framer = new FlapFramer(false);
  feed(framer, [ALL.subarray(0, 20)]);
  expect(framer.pending).toBe(15);
  expect(framer.unfinished).toEqual(ALL.subarray(15, 20));
  feed(framer, [ALL.subarray(20, 26)]);
  expect(framer.pending).toBe(-1);
  expect(framer.held).toBe(0);
});

describe('a gap', () => {
  test('inside a frame whose head was seen costs that frame only', () => {
    const framer = new FlapFramer(false);
    const notes = new Notes();
    feed(framer, [ALL.subarray(0, 22)], notes);
    framer.gap(2);
    expect(feed(framer, [ALL.subarray(24)], notes)).toEqual(WANT.filter((_, i) => i !== 2));
  });

  test('in two parts, or up to the end of the frame, does too', () => {
    const framer = new FlapFramer(false);
    const notes = new Notes();
    feed(framer, [ALL.subarray(0, 22)], notes);
    framer.gap(1);
    feed(framer, [ALL.subarray(23, 24)], notes);
    framer.gap(2);
    expect(feed(framer, [ALL.subarray(26)], notes)).toEqual(WANT.filter((_, i) => i !== 2));
  });

  test('beyond it, the next frame is looked for', () => {
    const framer = new FlapFramer(false);
    const notes = new Notes();
    feed(framer, [ALL.subarray(0, 5)], notes);
    framer.gap(5);
    expect(feed(framer, [ALL.subarray(10)], notes)).toEqual(['15 2 *****', '26 2 abc']);
  });
});

test('in the middle of a stream frames are found, in any pieces', () => {
  const torn = joined(hex("'de' 2a 'f' 2a09 '*'"), ALL);
  const want = WANT.map((frame) => frame.replace(/^\d+/, (at) => `${Number(at) + 7}`));
  expect(feed(new FlapFramer(true), [torn])).toEqual(want);
  for (let at = 1; at < torn.length; at++) {
    expect(feed(new FlapFramer(true), cut(torn, [at])), `cut at ${at}`).toEqual(want);
  }
  expect(feed(new FlapFramer(true), cut(torn, [...torn.keys()]))).toEqual(want);
});

test('octets between frames lose the framing, which is found again', () => {
  const framer = new FlapFramer(false);
  expect(feed(framer, [joined(A, hex("'noise'"), B)])).toEqual(['0 2 abc', 'lost 9', '14 5 ']);
  expect(framer.astray).toBe(0);
  feed(framer, [new Uint8Array(100)]);
  expect(framer.astray).toBe(100);
});

test.each([1, 1460])(
  'what may begin a frame and does not costs little, in pieces of %i',
  (size) => {
    const framer = new FlapFramer(true);
    const wire = new Uint8Array(1 << 18).fill(0x2a);
    const before = cpuMilliseconds();
    const notes = new Notes();
    for (let at = 0; at < wire.length; at += size) framer.push(wire.subarray(at, at + size), notes);
    expect(cpuMilliseconds() - before).toBeLessThan(3000); // 3800 ns an octet
    expect(framer.astray).toBe(wire.length - 1);
  },
);

test('stopped, nothing more is cut', () => {
  const framer = new FlapFramer(false);
  const notes = new Notes();
  notes.frame = (_buffer, _start, _end, from) => {
    notes.heard.push(`${from}`);
    framer.stop();
  };
  expect(feed(framer, [ALL], notes)).toEqual(['0']);
  expect(framer.offset).toBe(ALL.length);
});

test('any octets in any pieces say the same, and hold one frame at most', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(A, B, C, hex('2a'), hex('2a02'), hex('2a02 0001 ffff')),
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat()), fc.boolean(), (parts, cuts, midstream) => {
      const wire = joined(...parts);
      const whole = feed(new FlapFramer(midstream), [wire]);
      const framer = new FlapFramer(midstream);
      const at = cuts.map((n) => n % (wire.length + 1));
      expect(feed(framer, cut(wire, at))).toEqual(whole);
      expect(framer.held).toBeLessThanOrEqual(2 * (65_541 + 512));
    }),
    { numRuns: 300 },
  );
});
