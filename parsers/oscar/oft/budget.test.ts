/** The allocation budget: content and probing cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../../test/support/heap.ts';
import {
  client,
  feed,
  flowContext,
  octets,
  PASS,
  server,
} from '../../../test/support/parser-harness.ts';
import { Direction } from '../../contract.ts';
import { probeOdc } from '../odc/odc-probe.ts';
import { probeProxy } from '../proxy/proxy-probe.ts';
import { OFT } from './definition.ts';
import { ack, prompt } from './oft.fixture.ts';
import { probeOft } from './oft-probe.ts';

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

test('segments of content allocate nothing', () => {
  const size = 0xffff_ffff;
  const parser = OFT.create(flowContext({ follow: () => undefined }));
  feed(parser, [server(prompt({ size })), client(ack({ size }))]);
  const segment = octets('0123456789'.repeat(146));
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a header is seen by the same measure', () => {
  const parser = OFT.create(flowContext({ follow: () => undefined }));
  const wire = prompt();
  const cost = costOf(() => {
    parser.push(Direction.ToClient, wire, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test.each([
  ['oft', probeOft, 'OFT2\x01\0\x03\x03'],
  ['odc', probeOdc, 'ODC2\0\x4c\0\x02\0\x06'],
  ['oscar-proxy', probeProxy, '\0\x2a\x04\x4a\0\x09\0\0\0\0\0\0'],
])('the probe of %s allocates nothing', (_name, probe, text) => {
  const wire = octets(text);
  const cost = costOf(() => {
    probe(Direction.ToServer, wire, false);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
