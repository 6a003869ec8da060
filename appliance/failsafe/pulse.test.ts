import { expect, test } from 'vitest';
import { Pulse } from './pulse.ts';

test('one worker that stands still is enough', () => {
  const beats = Int32Array.of(7, 7);
  const pulse = new Pulse(beats);
  expect(pulse.advanced()).toBe(false);
  beats[0] = 8;
  expect(pulse.advanced()).toBe(false);
  beats[1] = 8;
  expect(pulse.advanced()).toBe(true);
  expect(pulse.advanced()).toBe(false);
  beats[1] = 9;
  expect(pulse.advanced()).toBe(false);
  beats[0] = 9;
  expect(pulse.advanced()).toBe(true);
});

test('counters that run over still advance', () => {
  const beats = Int32Array.of(0x7fffffff);
  const pulse = new Pulse(beats);
  Atomics.add(beats, 0, 1);
  expect(beats[0]).toBe(-0x80000000);
  expect(pulse.advanced()).toBe(true);
});
