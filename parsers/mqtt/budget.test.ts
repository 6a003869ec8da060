/** The allocation budget: packets without events cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { Ear, flowContext, hex, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { connect, id, packet, text } from './mqtt.fixture.ts';
import { MqttParser } from './parser.ts';
import { probeMqtt } from './probe.ts';

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

test('pings and acknowledgements allocate nothing', () => {
  const parser = new MqttParser(flowContext());
  parser.push(Direction.ToServer, connect(), new Ear());
  const segment = hex('c0 00 40 02 00 01 50 02 00 02 62 02 00 02 70 02 00 02 c0 00');
  const cost = costOf(() => {
    parser.push(Direction.ToServer, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a packet with an event is seen by the same measure', () => {
  const parser = new MqttParser(flowContext());
  const segment = packet(0x30, text('t'), 'hi');
  const cost = costOf(() => {
    parser.push(Direction.ToServer, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const cost = [packet(0x32, text('topic'), id(1), 'x'), octets('GET / HTTP/1.1\r\n')].map((wire) =>
    costOf(() => {
      probeMqtt(Direction.ToServer, wire, true);
    }),
  );
  expect(Math.max(...cost)).toBeLessThanOrEqual(BUDGET);
});
