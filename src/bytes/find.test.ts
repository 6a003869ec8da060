import { expect, test } from 'vitest';
import { find } from './find.ts';

test('an octet is found inside the range, not before it and not behind it', () => {
  const buffer = Uint8Array.of(7, 1, 2, 7, 3, 7);
  expect(find(buffer, 7, 0, 6)).toBe(0);
  expect(find(buffer, 7, 1, 6)).toBe(3);
  expect(find(buffer, 7, 1, 3)).toBe(-1);
  expect(find(buffer, 7, 4, 99)).toBe(5);
  expect(find(buffer, 9, 0, 99)).toBe(-1);
  expect(find(buffer, 7, 6, 6)).toBe(-1);
});
