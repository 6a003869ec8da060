/** The allocation budget: packets without events cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { Ear, flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { login80, packet, receive, u32, welcome } from './gadu.fixture.ts';
import { GaduParser } from './parser.ts';
import { probeGadu } from './probe.ts';

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

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

test('pings and what the server says to itself allocate nothing', () => {
  const parser = new GaduParser(flowContext());
  parser.push(Direction.ToServer, login80(), new Ear());
  const segment = joined(
    packet(0x07),
    packet(0x27, '<events/>'),
    packet(0x44, u32(3, 0)),
    packet(0xa1, u32(1)),
  );
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a packet with an event is seen by the same measure', () => {
  const parser = new GaduParser(flowContext());
  const segment = receive('hi');
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const cost = [joined(welcome, packet(0x07)), octets('GET / HTTP/1.1\r\n')].map((wire) =>
    costOf(() => {
      probeGadu(Direction.ToClient, wire, false);
      probeGadu(Direction.ToServer, wire, true);
    }),
  );
  expect(Math.max(...cost)).toBeLessThanOrEqual(BUDGET);
});
