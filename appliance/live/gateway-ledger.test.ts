import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LedgerEntry } from '../archive/contract.ts';
import { status, worker } from './gateway.fixture.ts';
import { GatewayLedger } from './gateway-ledger.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a stretch in which something was lost is one entry of what was lost in it; silence is a sign of life', () => {
  let now = status();
  const told: LedgerEntry[] = [];
  const ledger = new GatewayLedger(
    () => now,
    (entry) => told.push(entry),
  );
  ledger.start(['veth0', 'veth1']);
  expect(told.splice(0)).toMatchObject([
    { what: 'start', why: 'Sallyport 0.1.0, inline veth0, veth1' },
  ]);
  const [first, ...others] = now.interfaces;
  if (first === undefined) throw new Error('no interface');
  now = {
    ...now,
    interfaces: [{ ...first, dropped: 5 }, ...others],
    workers: [worker(0, { eventsShed: 3, restarts: 1 })],
    wire: { carriedBy: 'engine', failovers: 2 },
  };
  const from = Date.now();
  vi.advanceTimersByTime(10_000);
  expect(told.splice(0)).toMatchObject([
    {
      what: 'dropped',
      counts: { packets: 5 },
      from: new Date(from).toISOString().replace('Z', '000Z'),
    },
    { what: 'shed', counts: { events: 3 } },
    { what: 'worker-restart', counts: { workers: 1 } },
    { what: 'failover', counts: { failovers: 2 } },
  ]);
  vi.advanceTimersByTime(580_000);
  expect(told.splice(0)).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(told.splice(0)).toMatchObject([{ what: 'running', counts: { packets: 3000 } }]);
  now = { ...now, interfaces: [{ ...first, dropped: 6 }, ...others] };
  ledger.stop();
  expect(told.splice(0)).toMatchObject([
    { what: 'dropped', counts: { packets: 1 } },
    { what: 'stop', counts: { packets: 3000 } },
  ]);
  vi.advanceTimersByTime(3_600_000);
  expect(told).toEqual([]);
});
