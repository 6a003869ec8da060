import { describe, expect, test } from 'vitest';
import { displayWidth } from './columns.ts';
import { heading, joined } from './layout.ts';
import { pageWidth } from './page.ts';
import { createPaint } from './paint.ts';

test.each([
  [undefined, 100],
  [Number.NaN, 100],
  [0, 100],
  [20, 60],
  [80, 80],
  [400, 120],
])('a terminal of %s columns: a page of %d', (columns, width) => {
  expect(pageWidth(columns)).toBe(width);
});

describe('heading', () => {
  test.each(['', '3 files', 'x'.repeat(200)])('fills the line: %j', (facts) => {
    const [empty, line = ''] = heading('FILES', facts, { width: 80, paint: createPaint(false) });
    expect(empty).toBe('');
    expect(displayWidth(line)).toBe(80);
  });
});

test('joined says how many found no place', () => {
  expect(joined(['anna', 'ben'], 30)).toBe('anna, ben');
  expect(joined(['anna', 'ben', 'carol', 'dave', 'erin'], 24)).toBe('anna, ben, +3');
});
