import { expect, test } from 'vitest';
import { ringFill } from './ring-fill.ts';

test.each([
  ['empty', 8, 3, 0, 0],
  ['one', 8, 7, 1, 1 / 8],
  ['around the end', 8, 6, 5, 5 / 8],
  ['full', 8, 3, 8, 1],
  ['an odd number of slots', 5, 4, 3, 3 / 5],
])('a ring that is %s', (_, slots, head, ready, fill) => {
  const statuses = new Int32Array(slots * 2);
  for (let n = 0; n < ready; n++) statuses[((head + n) % slots) * 2] = 1;
  expect(ringFill(statuses, head, slots, (slot) => slot * 2)).toBe(fill);
});
