import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('forgets the oldest, by number and by octets', () => {
  const few = new RecentMap<number>(2, 10_000, 0);
  for (const [i, key] of ['a', 'b', 'a', 'c'].entries()) few.set(key, i);
  expect([few.has('b'), few.get('a'), few.get('c'), few.size]).toEqual([false, 2, 3, 2]);
  expect(few.delete('a')).toBe(true);
  expect(few.delete('a')).toBe(false);
  const small = new RecentMap<number>(100, 500, 10);
  for (let n = 0; n < 50; n++) small.set(`key ${n}`, n);
  expect(small.held).toBeLessThanOrEqual(500);
  expect([...small.keys()].at(-1)).toBe('key 49');
});

test('the weight is that of what is there; setting tells whether something had to go', () => {
  const map = new RecentMap<string, string>(2, 10_000, (value) => 2 * value.length);
  expect(map.set('a', 'one')).toBe(true);
  expect(map.set('b', 'two')).toBe(true);
  const two = map.held;
  expect(map.set('a', 'uno')).toBe(true); // the same entry, now the newest
  expect(map.held).toBe(two);
  expect(map.set('c', 'three')).toBe(false);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual(['uno', undefined, 'three']);
  expect(map.take('a')).toBe('uno');
  expect(map.take('a')).toBeUndefined();
  map.take('c');
  expect([map.size, map.held]).toEqual([0, 0]);
});

test('keys may be numbers', () => {
  const map = new RecentMap<undefined, number>(1, 1000, 0);
  map.set(7, undefined);
  expect([map.has(7), map.delete(7), map.held]).toEqual([true, true, 0]);
});
