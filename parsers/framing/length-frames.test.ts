import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { cut, joined, octets } from '../../test/support/parser-harness.ts';
import { type FrameRules, LengthFramer, SEEK_LIMIT } from './length-frames.ts';

/** A frame is `>`, an octet of length, as many octets; a sound one holds letters only. */
const RULES: FrameRules = {
  limit: 20,
  measure: (buffer, at, end) => {
    if (buffer[at] !== 0x3e) return -1;
    return at + 2 > end ? 0 : 2 + (buffer[at + 1] ?? 0);
  },
  plausible: (buffer, at, end, length) =>
    end - at < length || buffer.subarray(at + 2, end).every((c) => c >= 0x61 && c <= 0x7a),
};

class Listener {
  readonly heard: string[] = [];
  frame(buffer: Uint8Array, start: number, end: number, from: number, length: number): void {
    const text = new TextDecoder('latin1').decode(buffer.subarray(start + 2, end));
    this.heard.push(`${from}:${text}${end - start < length ? `…${length}` : ''}`);
  }
  lost(from: number): void {
    this.heard.push(`lost ${from}`);
  }
}

const frame = (text: string) => joined(octets('>'), Uint8Array.of(text.length), octets(text));

function run(seeking: boolean, pieces: readonly (Uint8Array | number)[]): Listener {
  const framer = new LengthFramer(RULES, seeking);
  const listener = new Listener();
  for (const piece of pieces) {
    if (typeof piece === 'number') framer.gap(piece);
    else {
      const lent = piece.slice();
      framer.push(lent, listener);
      lent.fill(0xee);
    }
  }
  return listener;
}

describe('frames', () => {
  const wire = joined(
    frame('one'),
    frame(''),
    frame('a very long frame beyond it'),
    frame('three'),
  );
  const want = ['0:one', '5:', '7:a very long frame …29', '36:three'];

  test('whole, octet by octet, and cut everywhere', () => {
    expect(run(false, [wire]).heard).toEqual(want);
    expect(run(false, cut(wire, [...wire.keys()])).heard).toEqual(want);
    for (let at = 1; at < wire.length; at++)
      expect(run(false, cut(wire, [at])).heard).toEqual(want);
  });

  test('what is no frame is told once, and passed over', () => {
    const odd = joined(frame('one'), octets('garbage'), frame('two'), octets('x'), frame('six'));
    const heard = ['0:one', 'lost 5', '12:two', 'lost 17', '18:six'];
    expect(run(false, [odd]).heard).toEqual(heard);
    expect(run(false, cut(odd, [...odd.keys()])).heard).toEqual(heard);
  });

  test('the beginning need not be one', () => {
    expect(run(true, [joined(octets('rest>\x04AB'), frame('one'))]).heard).toEqual(['8:one']);
  });

  test('pending is where the unfinished one begins; nothing while the way is not known', () => {
    const framer = new LengthFramer(RULES, false);
    framer.push(joined(frame('one'), octets('>')), new Listener());
    expect(framer.pending).toBe(5);
    framer.gap(100);
    framer.push(octets('>'), new Listener());
    expect(framer.pending).toBe(-1);
    expect(framer.offset).toBe(107);
  });

  test('stopped from inside, nothing follows and nothing is held', () => {
    const framer = new LengthFramer(RULES, false);
    const heard: number[] = [];
    framer.push(joined(frame('one'), frame('two'), octets('>')), {
      frame: (_buffer, _start, _end, from) => {
        heard.push(from);
        framer.stop();
      },
      lost() {},
    });
    expect(heard).toEqual([0]);
    expect(framer.held).toBe(0);
  });
});

describe('gaps', () => {
  const second = frame('second');
  test('inside a frame, up to its end, or of octets that are skipped anyway', () => {
    const inside = [frame('one'), second.subarray(0, 4), 2, second.subarray(6), frame('three')];
    expect(run(false, inside).heard).toEqual(['0:one', '13:three']);
    const toEnd = [frame('one'), second.subarray(0, 4), 4, frame('three')];
    expect(run(false, toEnd).heard).toEqual(['0:one', '13:three']);
    const long = frame('a very long frame beyond it');
    expect(run(false, [long.subarray(0, 25), 4, frame('three')]).heard).toEqual([
      '0:a very long frame …29',
      '29:three',
    ]);
  });

  test('beyond it, and between frames: the way is looked for', () => {
    expect(run(false, [second.subarray(0, 4), 9, octets('nd'), frame('three')]).heard).toEqual([
      '15:three',
    ]);
    expect(run(false, [frame('one'), 3, octets('nd'), frame('three')]).heard).toEqual([
      '0:one',
      '10:three',
    ]);
  });
});

test('any octets: the same frames however they are cut, memory in bounds, in time', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom(frame('abc'), octets('>>>>>')),
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat(200)), fc.boolean(), (parts, cuts, seeking) => {
      const wire = joined(...parts);
      const inside = cuts.filter((at) => at < wire.length);
      expect(run(seeking, cut(wire, inside)).heard).toEqual(run(seeking, [wire]).heard);
    }),
  );
  const framer = new LengthFramer(
    { ...RULES, measure: () => SEEK_LIMIT, plausible: (_b, at, end, n) => end - at < n },
    true,
  );
  const started = cpuMilliseconds();
  for (let i = 0; i < 100_000; i++) framer.push(octets('>'), new Listener());
  expect(framer.held).toBeLessThanOrEqual(4 * SEEK_LIMIT);
  expect(cpuMilliseconds() - started).toBeLessThan(5000);
});
