/** What QUIC costs: the probe allocates nothing, and one client's hello is one look. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, PASS } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { QUIC } from './definition.ts';
import { LongHeader } from './long-header.ts';
import { probeQuic } from './probe.ts';
import { bytes, cryptoFrame, helloFor, initial } from './quic.fixture.ts';

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

const hello = initial([cryptoFrame(helloFor('web.whatsapp.com', 300))]);
const rtp = bytes(`8000000000010000${'55'.repeat(160)}`);

test('the probe allocates nothing, whatever comes', () => {
  const cost = [hello, rtp, hello.subarray(0, 900)].map((datagram) =>
    costOf(() => {
      probeQuic(Direction.ToServer, datagram, false);
      probeQuic(Direction.ToClient, datagram, false);
    }),
  );
  expect(Math.max(...cost)).toBeLessThanOrEqual(BUDGET);
});

test('a header made for each datagram is seen by the same measure', () => {
  const cost = costOf(() => {
    new LongHeader().read(hello, 0);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('one datagram decides an ordinary flow', () => {
  const parser = QUIC.create(flowContext({ transport: 'udp' }));
  expect(parser.push(Direction.ToServer, hello, quiet)).toBe(Status.Done);
});
