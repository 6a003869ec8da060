/** The allocation budget: frames without events cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, joined, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { flap, name, piece, received, snac, user, words } from './oscar.fixture.ts';
import { OscarParser } from './parser.ts';
import { probeOscar } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const SILENT = joined(
  flap(5),
  snac('0001/0007', '00'.repeat(200)),
  snac('0001/000a', '00'.repeat(40)),
  snac('0004/000c', "'12345678' 0001", name('bob')),
  snac('0013/000e', '0000 0000'),
  snac('000b/0002', '04b0'),
);

test('the measure sees an allocation', () => {
  let kept: number[] = [];
  const cost = costOf(() => {
    kept = [kept.length];
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('frames without events allocate nothing', () => {
  const parser = new OscarParser(flowContext());
  const cost = costOf(() => {
    parser.push(Direction.ToClient, SILENT, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a message is seen by the same measure', () => {
  const parser = new OscarParser(flowContext());
  const wire = received('bob', words(piece('0000', "'hi'")));
  const cost = costOf(() => {
    parser.push(Direction.ToClient, wire, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const wire = joined(SILENT, snac('0003/000b', user('bob')));
  const cost = costOf(() => {
    probeOscar(Direction.ToClient, wire, true);
    probeOscar(Direction.ToServer, wire, true);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
