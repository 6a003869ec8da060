import { expect, test } from 'vitest';
import { Watch } from './watch.ts';

test('silence is a failure only while the engine carries the wire', () => {
  const watch = new Watch(500);
  expect(watch.patience(0)).toBe(-1);
  expect(watch.failed(10_000, 0)).toBe(false);
  watch.arm(10_000);
  expect(watch.patience(10_100)).toBe(400);
  expect(watch.failed(10_499, 0)).toBe(false);
  expect(watch.failed(10_500, 0)).toBe(true);
  watch.disarm();
  expect(watch.failed(20_000, 0)).toBe(false);
});

test('every sign of life begins the time anew', () => {
  const watch = new Watch(500);
  watch.arm(0);
  for (let now = 100; now < 5000; now += 100) {
    expect(watch.failed(now, 0)).toBe(false);
    watch.alive(now);
  }
  expect(watch.failed(5399, 0)).toBe(false);
  expect(watch.failed(5400, 0)).toBe(true);
});

test('when the whole box stood still, the engine gets a little more, once', () => {
  const watch = new Watch(500);
  watch.arm(0);
  // The watchdog wanted to look at 500 and came at 3000: nobody ran.
  expect(watch.failed(3000, 2500)).toBe(false);
  expect(watch.patience(3000)).toBe(125);
  expect(watch.failed(3125, 0)).toBe(true);
  expect(watch.failed(9000, 5000), 'not again and again').toBe(true);
  watch.alive(9000);
  expect(watch.failed(12_000, 2500), 'after a sign of life it may').toBe(false);
});

test('a watchdog that is a little late forgives nothing', () => {
  const watch = new Watch(500);
  watch.arm(0);
  expect(watch.failed(600, 100)).toBe(true);
});

test('a shorter time counts from when it is told, though no sign of life follows', () => {
  const watch = new Watch(60_000);
  watch.arm(0);
  watch.change(300, 100);
  expect(watch.patience(100)).toBe(300);
  expect(watch.failed(399, 0)).toBe(false);
  expect(watch.failed(400, 0)).toBe(true);
});

test('a longer time counts from the next sign of life', () => {
  const watch = new Watch(300);
  watch.arm(0);
  watch.change(60_000, 100);
  expect(watch.patience(100)).toBe(200);
  watch.alive(250);
  expect(watch.patience(250)).toBe(60_000);
});
