/** The allocation budget: what ordinary datagrams cost at the probes of calls and lookups, and a keep-alive after. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { hex } from '../../test/support/parser-harness.ts';
import { Direction, type ProtocolDefinition } from '../contract.ts';
import { DNS } from '../dns/definition.ts';
import { STUN } from '../stun/definition.ts';
import { VOICE } from './definition.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const DEFINITIONS: readonly ProtocolDefinition[] = [STUN, DNS, ...VOICE];

const media = Uint8Array.from({ length: 172 }, (_, i) => (i < 12 ? 0x80 + i : (i * 37) & 255));
const quic = Uint8Array.from({ length: 1200 }, (_, i) => (i === 0 ? 0xc0 : (i * 41) & 255));
const keepAlive = hex('00 01 00 00 21 12 a4 42 01 02 03 04 05 06 07 08 09 0a 0b 0c');
const lookup = hex("00 07 01 00 00 01 00 00 00 00 00 00 04 'chat' 07 'example' 00 00 01 00 01");

function costOf(once: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) once();
  });
}

test.each([
  ['media', media],
  ['QUIC', quic],
  ['a keep-alive', keepAlive],
  ['a lookup', lookup],
])('%s costs the heap nothing at the probes', (_, octets) => {
  const cost = costOf(() => {
    for (const { probe } of DEFINITIONS) {
      probe?.(Direction.ToServer, octets, false);
      probe?.(Direction.ToClient, octets, false);
    }
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a copy of each datagram is seen by the same measure', () => {
  let kept: Uint8Array | undefined;
  const cost = costOf(() => {
    kept = media.slice();
  }, usualHeapCost);
  expect(kept).toBeDefined();
  expect(cost).toBeGreaterThan(BUDGET);
});
