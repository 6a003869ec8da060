/** The allocation budget: the content of a file that streams costs next to nothing, whatever its size. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { MSRP } from './definition.ts';
import { announced, send } from './msrp.fixture.ts';
import { probeMsrp } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const SEGMENT = 300; // octets: the views that are lent for a segment
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

test('content that streams', () => {
  const parser = MSRP.create(
    flowContext({
      ...announced({ size: 9e9 }),
      follow: () => ({ write() {}, finish: () => '', discard() {} }),
    }),
  );
  const first = octets(send('a001', 'x', { type: 'a/b', total: 9e9, flag: '+' }));
  parser.push(Direction.ToServer, first, quiet);
  const head = octets(send('a002', 'x', { type: 'a/b', from: 1, total: 9e9 }));
  parser.push(Direction.ToServer, head.subarray(0, head.length - 20), quiet);
  const segment = new Uint8Array(1448).fill(0x2d);
  const cost = costOf(() => {
    parser.push(Direction.ToServer, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(SEGMENT);
});

test('the probe allocates nothing', () => {
  const wire = octets('MSRP a001 SEND\r\nVia: x\r\n');
  const cost = costOf(() => {
    probeMsrp(Direction.ToServer, wire);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a message is seen by the same measure', () => {
  const parser = MSRP.create(flowContext({ ...announced() }));
  const wire = octets(send('a001', 'x'));
  const cost = costOf(() => {
    parser.push(Direction.ToServer, wire, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(SEGMENT);
});
