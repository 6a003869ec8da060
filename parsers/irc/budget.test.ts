/** The allocation budget: a segment of lines without events costs the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { Direction } from '../contract.ts';
import { flowContext, octets, PASS } from './irc.fixture.ts';
import { IrcParser } from './parser.ts';
import { probeIrc } from './probe.ts';

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

test('the measure sees an allocation', () => {
  let kept: number[] = [];
  const cost = costOf(() => {
    kept = [kept.length];
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('lines without events allocate nothing', () => {
  const parser = new IrcParser(flowContext());
  parser.push(Direction.ToClient, octets(':s 001 ann :Welcome\r\n'), quiet);
  const segment = octets(
    ':s 353 ann = #x :a b c d e f\r\n:s 372 ann :- moor carefully\r\n:bob!b@h MODE #x +v bob\r\nPING :cookie\r\n@time=2025-01-31T12:00:00.000Z :s 366 ann #x :End\r\n'.repeat(
      8,
    ),
  );
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a line with an event is seen by the same measure', () => {
  const parser = new IrcParser(flowContext());
  const segment = octets(':bob!b@h PRIVMSG #x :hi\r\n');
  const cost = costOf(() => {
    parser.push(Direction.ToClient, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probe allocates nothing', () => {
  const wire = octets('USER a\r\nPING x\r\nNOT IRC AT ALL\r\n');
  const cost = costOf(() => {
    probeIrc(Direction.ToServer, wire, false);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
