/** The allocation budget: keep-alives and other protocols' octets cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { SIP, SIP_UDP } from './definition.ts';
import { probeSip, probeSipDatagram } from './probe.ts';
import { message } from './sip.fixture.ts';

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

test('keep-alives allocate nothing, over TCP and over UDP', () => {
  const tcp = SIP.create(flowContext());
  const udp = SIP_UDP.create(flowContext({ transport: 'udp' }));
  const wire = octets('\r\n\r\n');
  const cost = costOf(() => {
    tcp.push(Direction.ToServer, wire, quiet);
    udp.push(Direction.ToClient, wire, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('the probes allocate nothing', () => {
  const wires = ['GET / HTTP/1.1\r\n', 'INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n'].map(
    octets,
  );
  const cost = costOf(() => {
    for (const wire of wires) {
      probeSip(Direction.ToServer, wire, true);
      probeSipDatagram(Direction.ToServer, wire);
    }
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a message is seen by the same measure', () => {
  const parser = SIP.create(flowContext());
  const wire = octets(message('text/plain', 'x'));
  const cost = costOf(() => {
    parser.push(Direction.ToServer, wire, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});
