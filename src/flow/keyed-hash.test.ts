import { expect, test } from 'vitest';
import { KeyedHash } from './keyed-hash.ts';

const KEY = Uint32Array.of(0x03020100, 0x07060504, 0, 0);

function hashOf(key: Uint32Array, ...words: number[]): number {
  const hash = new KeyedHash(key);
  hash.message.set(words);
  return hash.of(words.length);
}

test('every bit of message and key counts', () => {
  const seen = new Set([hashOf(KEY, 1, 2, 3)]);
  for (let bit = 0; bit < 32; bit++) {
    for (let word = 0; word < 3; word++) {
      const words = [1, 2, 3];
      words[word] = (words[word] ?? 0) ^ (1 << bit);
      seen.add(hashOf(KEY, ...words));
    }
    for (let word = 0; word < 4; word++) {
      const key = KEY.slice();
      key[word] = (key[word] ?? 0) ^ (1 << bit);
      seen.add(hashOf(key, 1, 2, 3));
    }
  }
  expect(seen.size).toBe(1 + 32 * 7);
});

test('low bits spread: neighbouring addresses fill a table evenly', () => {
  const buckets = new Uint32Array(256);
  for (let i = 0; i < 25_600; i++) {
    const bucket = hashOf(KEY, (40_000 << 16) | 443, 0x0a000000 + i, 7) & 255;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  expect(Math.max(...buckets)).toBeLessThan(160); // 100 expected, 6 deviations
  expect(Math.min(...buckets)).toBeGreaterThan(40);
});
