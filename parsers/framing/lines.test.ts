import { describe, expect, test } from 'vitest';
import { LineFramer, type LineListener } from './lines.ts';
import { neutraliseLine } from './neutral-line.ts';

class Heard implements LineListener {
  readonly lines: string[] = [];
  stopAt = '';
  framer: LineFramer | undefined;
  line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    const text = new TextDecoder('latin1').decode(buffer.subarray(start, end));
    this.lines.push(`${from}-${to} ${text}`);
    if (this.stopAt !== '' && text === this.stopAt) this.framer?.stop();
  }
  overlong(from: number): void {
    this.lines.push(`${from} overlong`);
  }
}

const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function lines(pieces: readonly Uint8Array[], limit = 20): string[] {
  const framer = new LineFramer(limit);
  const heard = new Heard();
  for (const piece of pieces) {
    const lent = Uint8Array.from(piece);
    framer.push(lent, heard);
    lent.fill(0xee);
    expect(framer.held).toBeLessThanOrEqual(limit);
  }
  return heard.lines;
}

const TABLE: readonly (readonly [string, string, readonly string[]])[] = [
  ['CR LF and lone LF', 'ab\r\nc\nd', ['0-4 ab', '4-6 c']],
  ['empty lines', '\r\n\nx\n', ['0-2 ', '2-3 ', '3-5 x']],
  ['a CR inside stays', 'a\rb\r\n', ['0-5 a\rb']],
  [
    'longest, and one more',
    `${'l'.repeat(19)}\r\n${'m'.repeat(21)}\nk\n`,
    [`0-21 ${'l'.repeat(19)}`, '21 overlong', '43-45 k'],
  ],
  ['no LF at all', 'z'.repeat(50), ['0 overlong']],
];

describe.each(TABLE)('%s', (_name, wire, want) => {
  const whole = octets(wire);
  test('whole', () => expect(lines([whole])).toEqual(want));
  test('octet by octet', () => {
    expect(lines([...whole].map((octet) => Uint8Array.of(octet)))).toEqual(want);
  });
  test('cut in two everywhere', () => {
    for (let at = 0; at <= whole.length; at++) {
      expect(lines([whole.subarray(0, at), whole.subarray(at)]), `cut at ${at}`).toEqual(want);
    }
  });
});

test('pending is where the unfinished line began; a gap forgets it and counts', () => {
  const framer = new LineFramer(20);
  const heard = new Heard();
  framer.push(octets('one\r\ntw'), heard);
  expect([framer.pending, framer.offset]).toEqual([5, 7]);
  framer.gap(100);
  expect([framer.pending, framer.held]).toEqual([-1, 0]);
  framer.push(octets('rest\nnext\n'), heard);
  expect(heard.lines).toEqual(['0-5 one', '112-117 next']);
});

test('after stop no line is cut, of this push or a later one', () => {
  const framer = new LineFramer(20);
  const heard = new Heard();
  heard.framer = framer;
  heard.stopAt = 'stop';
  framer.push(octets('a\nstop\nb\nc'), heard);
  framer.push(octets('d\n'), heard);
  expect(heard.lines).toEqual(['0-2 a', '2-7 stop']);
  expect([framer.held, framer.offset]).toEqual([0, 12]);
});

describe('a neutral line', () => {
  const fill = (length: number, cuts: readonly number[], known = true) => {
    const line = new Uint8Array(length).fill(0x78);
    const edges = [0, ...cuts, length];
    for (let i = 1; i < edges.length; i++) {
      const from = edges[i - 1] ?? 0;
      neutraliseLine(line.subarray(from, edges[i]), from, {
        direction: 0,
        length: known ? length : -1,
        head: 0,
        form: 0,
      });
    }
    return String.fromCharCode(...line)
      .replaceAll('\r', 'r')
      .replaceAll('\n', 'n');
  };
  test.each([
    [1, 'n'],
    [2, 'rn'],
    [5, 'nrnrn'],
    [6, 'rnrnrn'],
  ])('of %i octets ends as a line ends', (length, want) => expect(fill(length, [])).toBe(want));
  test('is the same in any two parts', () => {
    for (const length of [7, 8]) {
      for (const known of [true, false]) {
        for (let at = 0; at <= length; at++) {
          expect(fill(length, [at], known)).toBe(fill(length, [], known));
        }
      }
    }
  });
});
