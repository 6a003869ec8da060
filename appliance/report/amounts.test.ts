import { describe, expect, test } from 'vitest';
import { clock, counted, duration, grouped, size, span } from './amounts.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [17_920, '17.9 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [5e15, '5.0 PB'],
])('%d octets', (octets, text) => expect(size(octets)).toBe(text));

test.each([
  [0.314, '0.31 s'],
  [42.4, '42 s'],
  [125, '2 min 05 s'],
  [3600 * 3 + 720, '3 h 12 min'],
  [86_400 * 4 + 3600 * 3, '4 d 3 h'],
])('%d seconds', (seconds, text) => expect(duration(seconds)).toBe(text));

test('counts', () => {
  expect(grouped(1_234_567)).toBe('1\u00a0234\u00a0567');
  expect(counted(1, 'copy', 'copies')).toBe('1 copy');
  expect(counted(2, 'copy', 'copies')).toBe('2 copies');
});

describe('times', () => {
  const at = (iso: string) => Date.parse(iso) * 1000;
  test.each([
    ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00.5Z', '09:00:00'],
    ['2026-11-23T09:00:00Z', '2026-11-23T10:00:00Z', '09:00:00–10:00:00'],
    ['2026-12-31T09:00:00Z', '2027-01-01T09:00:00Z', '2026-12-31 09:00 – 2027-01-01 09:00'],
    ['2026-11-23T09:00:00Z', '2026-11-24T09:00:00Z', '2026-11-23 09:00 – 11-24 09:00'],
  ])('%s to %s', (first, last, text) => expect(span(at(first), at(last))).toBe(text));

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('%d is clamped', (time) => {
    expect(clock(time)).toMatch(/^\d\d:\d\d:\d\d$/);
  });
});
