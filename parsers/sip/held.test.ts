/** What a parser holds is no more than it tells. */
import { expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/heap.ts';
import { flowContext, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction, type FlowParser } from '../contract.ts';
import { SIP, SIP_UDP } from './definition.ts';
import { message, register, registered, request } from './sip.fixture.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const quiet = {
  event: () => PASS,
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const { ToServer, ToClient } = Direction;

/** Octets that one parser occupies after `use`: the mean of many. */
async function occupied(count: number, use: (k: number) => FlowParser) {
  const kept = [use(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(use(k));
  const real = ((await memoryInUse()) - before) / count;
  return { real, held: Math.max(...kept.map((sip) => sip.held())) };
}

test.each<[string, number, (k: number) => FlowParser]>([
  ['nothing yet', 1000, () => SIP.create(flowContext())],
  [
    'half a message',
    200,
    () => {
      const sip = SIP.create(flowContext());
      const wire = octets(message('text/plain', 'x'.repeat(20_000)));
      sip.push(ToServer, wire.subarray(0, 15_000), quiet);
      return sip;
    },
  ],
  [
    'requests that wait for an answer',
    20,
    (k) => {
      const udp = SIP_UDP.create(flowContext({ transport: 'udp' }));
      for (let n = 0; n < 200; n++) {
        const headers = { 'Call-ID': `call-${k}-${n}-${'c'.repeat(600)}` };
        udp.push(ToServer, octets(message('text/plain', `${k} ${n}`, headers)), quiet);
      }
      return udp;
    },
  ],
  [
    'accounts and people asked for',
    20,
    (k) => {
      const sip = SIP.create(flowContext());
      for (let n = 0; n < 100; n++) {
        const To = `<sip:${'u'.repeat(300)}${k}x${n}@e.example>`;
        const ids = { To, 'Call-ID': `r${n}` };
        sip.push(ToServer, octets(register(ids)), quiet);
        sip.push(ToClient, octets(registered('200 OK', ids)), quiet);
        sip.push(
          ToServer,
          octets(request('SUBSCRIBE sip:x', { ...ids, Event: 'presence' })),
          quiet,
        );
      }
      return sip;
    },
  ],
])('%s', async (_, count, use) => {
  const { real, held } = await occupied(count, use);
  expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
  expect(held).toBeLessThan(400_000);
});
