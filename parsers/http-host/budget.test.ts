/** The allocation budget: what is no request, and what comes behind a request to a proxy, costs the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction, type ParserSink } from '../contract.ts';
import { HttpHostParser } from './parser.ts';
import { probeHttp } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const WORDS = [
  'GET /a/b?c=d HTTP/1.1\r\nHost: a\r\n',
  'POST / HTTP/1.0\r\n',
  'SSH-2.0-x',
  'HEAD x',
];

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

const quiet: ParserSink = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

test('the measure sees an allocation', () => {
  let kept: number[] = [];
  const cost = costOf(() => {
    kept = [kept.length];
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const wires = WORDS.map(octets);
  const cost = costOf(() => {
    for (const wire of wires) probeHttp(Direction.ToServer, wire, false);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a long body on its way to a proxy, and answers, allocate no more than a view of the segment', () => {
  const parser = new HttpHostParser();
  const head = 'PUT http://a.example/ HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n';
  parser.push(Direction.ToServer, octets(head), quiet);
  const segment = new Uint8Array(1400);
  const view = usualHeapCost(RUNS, () => {
    for (let i = 0; i < RUNS; i++) segment.subarray(0, i);
  });
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
    parser.push(Direction.ToServer, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(Math.max(view, 128) + BUDGET);
});
