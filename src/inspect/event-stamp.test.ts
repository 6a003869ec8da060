import { expect, test } from 'vitest';
import { EventStamp } from './event-stamp.ts';

test('identifiers are UUIDv7 of the given time, unique, and sort in order of emission', () => {
  const stamp = new EventStamp();
  const time = Date.UTC(2026, 10, 23, 5) * 1000 + 123_456;
  const ids = Array.from({ length: 10_000 }, (_, i) => stamp.id(time + i));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids.slice(0, 10)) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Math.floor(time / 1000));
  }
});

test('times before 1970 and broken ones still give an identifier', () => {
  const stamp = new EventStamp();
  for (const time of [-1, 0, Number.NaN]) expect(stamp.id(time)).toHaveLength(36);
});
