/** What a parser holds is no more than it tells. */
import { expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction, type FlowParser } from '../contract.ts';
import { MSRP } from './definition.ts';
import { type Chunk, send } from './msrp.fixture.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const create = () =>
  MSRP.create(flowContext({ follow: () => ({ write() {}, finish: () => '', discard() {} }) }));

/** Octets that one parser occupies after `use`: the mean of many. */
async function occupied(count: number, use: (k: number) => FlowParser) {
  const kept = [use(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(use(k));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((msrp) => msrp.held())) };
}

const filled = (n: number, body: string, chunk: (i: number) => Chunk) => (k: number) => {
  const msrp = create();
  for (let i = 0; i < n; i++) {
    const wire = octets(send(`a${i}of${k + 1}`, body, { messageId: `m${i}-${k}`, ...chunk(i) }));
    msrp.push(Direction.ToServer, wire, quiet);
  }
  return msrp;
};

test.each<[string, number, (k: number) => FlowParser]>([
  ['nothing yet', 1000, create],
  [
    'half a chunk',
    200,
    (k) => {
      const msrp = create();
      const wire = octets(send(`a${k + 1}xyz`, 'x'.repeat(20_000)));
      msrp.push(Direction.ToServer, wire.subarray(0, 15_000), quiet);
      return msrp;
    },
  ],
  ['texts under way', 20, filled(50, 'x'.repeat(5000), () => ({ flag: '+', total: 20_000 }))],
  ['files under way', 20, filled(50, 'x', () => ({ flag: '+', total: 20_000, type: 'a/b' }))],
  ['answers awaited', 50, filled(200, 'x', (i) => ({ messageId: `m${i}${'m'.repeat(400)}` }))],
])('%s', async (_, count, use) => {
  const { real, held } = await occupied(count, use);
  expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
  expect(held).toBeLessThan(2 << 20);
});
