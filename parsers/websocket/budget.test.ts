/** The allocation budget: frames of a message that was looked at cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { octets } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { Frames } from './frames.ts';
import { probeWebSocket } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

test('the measure sees an allocation', () => {
  let kept: number[] = [];
  const cost = costOf(() => {
    kept = [kept.length];
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const wire = octets('GET / HTTP/1.1\r\nHost: a\r\nCookie: b=c; d=e\r\nAccept: */*\r\n\r\n');
  const cost = costOf(() => {
    probeWebSocket(Direction.ToServer, wire, false);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a long message, its parts and the pings between them allocate nothing', () => {
  let told = 0;
  const frames = new Frames({
    message: () => {
      told += 1;
    },
    compressed() {},
    masked() {},
  });
  frames.push(octets(`\x02\x7e\x01\x00${'x'.repeat(256)}`), 0);
  expect(told).toBe(1);
  const segment = octets(`\x00\x7e\x01\x00${'x'.repeat(256)}\x89\x04ping`);
  const cost = costOf(() => frames.push(segment, 0));
  expect(frames.broken).toBe(false);
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
