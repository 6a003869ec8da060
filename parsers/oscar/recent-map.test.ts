import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.ts';

test('the oldest goes first, and the weight is that of what is there', () => {
  const map = new RecentMap<string, string>(2, (value) => value.length);
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
