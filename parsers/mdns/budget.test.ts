/** The allocation budget: multicast DNS without presence costs the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, hex, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { MDNS } from './definition.ts';
import { probeMdns } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const HEAD = '00 00 84 00 00 00 00 01 00 00 00 00';
const REST = "04 '_tcp' 05 'local' 00 00 10 80 01 00 00 11 94 00 03 02 'a=b'";
const printer = hex(`${HEAD} 07 'printer' 04 '_ipp' ${REST}`);
const ann = hex(`${HEAD} 03 'ann' 09 '_presence' ${REST}`);
const gone = ann.slice();
gone.fill(0, ann.length - 10, ann.length - 6); // its time to live

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

test('printers allocate nothing, neither in the probe nor after it', () => {
  const parser = MDNS.create(flowContext());
  const cost = costOf(() => {
    probeMdns(Direction.ToServer, printer, false);
    probeMdns(Direction.ToServer, ann, false);
    parser.push(Direction.ToServer, printer, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('presence is seen by the same measure', () => {
  const parser = MDNS.create(flowContext());
  const heard: unknown[] = [];
  const ear = {
    ...quiet,
    event: (event: unknown) => {
      heard.push(event);
      return PASS;
    },
  };
  parser.push(Direction.ToServer, ann, ear);
  parser.push(Direction.ToServer, gone, ear);
  expect(heard).toMatchObject([{ state: 'available' }, { state: 'offline' }]);
  const cost = costOf(() => {
    parser.push(Direction.ToServer, ann, quiet);
    parser.push(Direction.ToServer, gone, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});
