import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRfc3339, rfc3339 } from './time.ts';

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_763_874_000_123_456, '2025-11-23T05:00:00.123456Z'],
  [-1, '1970-01-01T00:00:00.000000Z'],
  [Number.NaN, '1970-01-01T00:00:00.000000Z'],
  [Number.POSITIVE_INFINITY, '9999-12-31T23:59:59.999999Z'],
])('%d µs', (microseconds, text) => expect(rfc3339(microseconds)).toBe(text));

test('microseconds survive', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_000_000_000_000_000 }), (microseconds) => {
      expect(parseRfc3339(rfc3339(microseconds))).toBe(microseconds);
    }),
  );
});

test.each([
  ['2026-11-23T10:00:00+01:00', Date.UTC(2026, 10, 23, 9) * 1000],
  ['2026-11-23t09:00:00.5z', Date.UTC(2026, 10, 23, 9) * 1000 + 500_000],
  ['2026-11-23', undefined],
  ['2026-13-23T09:00:00Z', undefined],
])('%s', (text, microseconds) => expect(parseRfc3339(text)).toBe(microseconds));
