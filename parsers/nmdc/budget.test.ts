/** The allocation budget: a segment of commands without events costs the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { probeAdc } from './adc-probe.ts';
import { ADC, NMDC } from './definition.ts';
import { probeNmdc } from './probe.ts';

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

test('commands without events allocate nothing', () => {
  const parser = NMDC.create(flowContext());
  parser.push(Direction.ToClient, octets('$Lock x Pk=y|'), quiet);
  const segment = octets(
    '$Search 10.0.0.9:412 F?T?0?1?moor|||$UserIP bob 10.0.0.9$$|$NickList a$$b$$|'.repeat(8),
  );
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('nor do lines of ADC', () => {
  const parser = ADC.create(flowContext());
  parser.push(Direction.ToClient, octets('ISUP ADBASE\n'), quiet);
  const segment = octets(
    'BSCH AAAC ANmoor TOx\nDRCM AAAC AAAB ADC/1.0 1\n\nFSCH AAAC +TCP4 ANx\n'.repeat(8),
  );
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a command with an event is seen by the same measure', () => {
  const parser = NMDC.create(flowContext());
  const segment = octets('<bob> hi|');
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probes allocate nothing', () => {
  const adc = octets('BSC AAAB x\nHPAS x\n\nFETCH');
  const start = octets('$MyNick ann|$Lock');
  const middle = octets('<ann> hi|$Something else|$ConnectToMe ann 10.0.0.1:41');
  const cost = costOf(() => {
    probeNmdc(Direction.ToServer, start, false);
    probeNmdc(Direction.ToClient, middle, true);
    probeAdc(Direction.ToServer, adc, true);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
