import { expect, test } from 'vitest';
import { ClockCheck } from './clock-check.ts';

test('a clock that was set back is told by the first record behind it, and how often it was', () => {
  const clock = new ClockCheck();
  const minutes = ['10:00', '10:05', '10:04', '09:00', '09:10', 'never', '08:00'];
  for (const [n, at] of minutes.entries()) clock.add(n + 1, `2026-11-26T${at}:00Z`);
  expect(clock.setBack).toEqual({ sequence: 4, seconds: 64 * 60, times: 2 });
});

test('one that goes on, or is put right by a minute, is not told of', () => {
  const clock = new ClockCheck();
  for (const [n, at] of ['10:00:00', '10:05:00', '10:04:00', '10:04:01'].entries()) {
    clock.add(n + 1, `2026-11-26T${at}Z`);
  }
  expect(clock.setBack).toBeUndefined();
});
