/** What an ordinary flow costs: its probe nothing, its hello a handful of small objects. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { PASS } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { VECTOR } from '../framing/client-hello.fixture.ts';
import { TlsParser } from './parser.ts';
import { probeTls } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const NOTHING = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const HELLO = 2560; // octets of heap: the parser, the offsets of the hello, its name

const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

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
  expect(cost).toBeGreaterThan(NOTHING);
});

test('the probe allocates nothing', () => {
  const cost = costOf(() => {
    probeTls(Direction.ToServer, VECTOR);
  });
  expect(cost).toBeLessThanOrEqual(NOTHING);
});

test('a hello of nobody known', () => {
  const statuses = new Set<Status>();
  const cost = costOf(() => {
    statuses.add(new TlsParser(443).push(Direction.ToServer, VECTOR, quiet));
  }, usualHeapCost);
  expect([...statuses]).toEqual([Status.Done]);
  expect(cost).toBeLessThanOrEqual(HELLO);
});
