import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cell, clip, displayWidth, rightCell } from './columns.ts';

describe('clip', () => {
  test.each([
    ['hello', 5, 'hello'],
    ['hello', 4, 'hel…'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
    ['你好吗', 6, '你好吗'],
    ['你好吗', 5, '你好…'],
    ['你好吗', 4, '你…'],
    ['a\u001bb', 9, 'a␛b'],
    ['👩‍💻👩‍💻', 3, '👩‍💻…'],
    [`e${'\u0301'.repeat(100)}x`, 5, '\ufffd…'],
  ])('%j in %d', (text, width, shown) => expect(clip(text, width)).toBe(shown));

  test('a megabyte costs no more than its beginning', () => {
    expect(clip('x'.repeat(1 << 20), 10)).toBe('xxxxxxxxx…');
  });
});

test('a letter that joins with the space behind it does not narrow its cell', () => {
  expect(displayWidth(cell('\u{11f02}', 2))).toBe(2);
});

test('cells are exactly as wide as asked, whatever is in them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, width) => {
      expect(displayWidth(cell(text, width))).toBe(width);
      expect(displayWidth(rightCell(text, width))).toBe(width);
    }),
    { numRuns: 500 },
  );
});
