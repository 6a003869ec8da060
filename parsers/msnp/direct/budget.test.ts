/** The allocation budget: packets of a file that is under way cost the heap nothing, save the view that is hashed. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../../test/support/heap.ts';
import { feed, flowContext, PASS } from '../../../test/support/parser-harness.ts';
import { Direction, type FlowContext } from '../../contract.ts';
import { betweenThem, framed, OPENING, packet, SESSION } from '../p2p/peer.fixture.ts';
import { DirectParser } from './parser.ts';
import { probeDirect } from './probe.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const VIEW = 256; // octets of heap of a view of octets

const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

/** Cost of a packet of a file of 2^40 octets, which comes in order. */
function costOfPacket(measure: typeof heapCost, context: Partial<FlowContext>): number {
  const parser = new DirectParser(flowContext({ ...betweenThem(), ...context }));
  feed(parser, OPENING);
  const wire = framed(packet({ session: SESSION, total: 2 ** 40, flags: 0x30 }, 'x'.repeat(100)));
  const view = new DataView(wire.buffer);
  let offset = 0;
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) {
      view.setUint32(4 + 8, offset, true);
      offset += 100;
      parser.push(Direction.ToServer, wire, quiet);
    }
  });
}

test('the measure sees an allocation', () => {
  let kept: number[] = [];
  const cost = usualHeapCost(RUNS, () => {
    for (let i = 0; i < RUNS; i++) kept = [kept.length];
  });
  expect(cost).toBeGreaterThan(BUDGET);
});

test('packets of a file that is not followed', () => {
  expect(costOfPacket(heapCost, { follow: () => undefined })).toBeLessThanOrEqual(BUDGET);
});

test('packets of a file that is followed: one view each', () => {
  const follow = () => ({ write() {}, finish: () => '', discard() {} });
  const cost = costOfPacket(usualHeapCost, { follow });
  expect(cost).toBeGreaterThan(BUDGET);
  expect(cost).toBeLessThanOrEqual(VIEW);
});

test('the probe allocates nothing', () => {
  const wire = framed(packet({}, 'GET / HTTP/1.1'));
  const cost = heapCost(RUNS, () => {
    for (let i = 0; i < RUNS; i++) probeDirect(Direction.ToServer, wire, false);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
