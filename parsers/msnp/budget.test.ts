/** The allocation budget: commands without events cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { MsnpParser } from './parser.ts';
import { probeMsnp } from './probe.ts';

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

test('commands without events allocate nothing', () => {
  const parser = new MsnpParser(flowContext());
  parser.push(Direction.ToClient, octets('VER 1 MSNP15\r\n'), quiet);
  const segment = octets(
    'QNG 45\r\nACK 12\r\nNAK 13\r\nCHL 0 1557\r\nBPR 6 a@b.c PHH\r\nGCF 0 12\r\n<Policies/>\r'.repeat(
      8,
    ),
  );
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a command with an event is seen by the same measure', () => {
  const parser = new MsnpParser(flowContext());
  const segment = octets('FLN bob@retro.test\r\n');
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const wire = octets('USR 1 a@b.c 1.2.3\r\nCAL 2 xx\r\n');
  const cost = costOf(() => {
    probeMsnp(Direction.ToServer, wire, true);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
