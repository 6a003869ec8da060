import { describe, expect, test } from 'vitest';
import { rfc3339 } from '../../../src/event/time.ts';
import { readTime } from './read-time.ts';

const now = Date.UTC(2026, 10, 25, 12) * 1000;

describe('a time', () => {
  test.each<[text: string, start: string | undefined, end?: string]>([
    ['2026-11-25', '2026-11-25T00:00:00.000000Z', '2026-11-26T00:00:00.000000Z'],
    ['2026-11-25T10:00', '2026-11-25T10:00:00.000000Z'],
    ['2026-11-25 10:00:01.5', '2026-11-25T10:00:01.500000Z'],
    ['2026-11-25T10:00:00+01:00', '2026-11-25T09:00:00.000000Z'],
    ['7d', '2026-11-18T12:00:00.000000Z'],
    ['36h', '2026-11-24T00:00:00.000000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000000Z', '2024-03-01T00:00:00.000000Z'],
    ['2026-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-11-25T25:00', undefined],
    ['1969-12-31', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%j', (text, start, end = start) => {
    const shown = (time: number | undefined) => (time === undefined ? undefined : rfc3339(time));
    expect(shown(readTime(text, { now }))).toBe(start);
    expect(shown(readTime(text, { now, end: true }))).toBe(end);
  });
});
