/** The allocation budget: a packet in order, and a packet of a flow let go, cost the heap nothing. */
import { describe, expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import { FlowTable } from '../flow/table.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { StreamListener } from './listener.ts';
import { Streams } from './streams.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 8; // octets of heap a packet: the noise of the measure; a boxed double is 16
const VIEW = 96; // octets: a view of a buffer

function costOf(send: () => void, measure = heapCost): number {
  return measure(RUNS, () => {
    for (let i = 0; i < RUNS; i++) send();
  });
}

/** Sends one segment of 100 octets in order, both directions in turn. */
function sender(disposition: Disposition, transport: number): () => void {
  const table = new FlowTable(DEFAULT_LIMITS, Uint32Array.of(1, 2, 3, 4));
  let octets = 0;
  const listener: StreamListener = {
    opened(slot) {
      table.setDisposition(slot, disposition);
    },
    data(_slot, _direction, _buffer, start, end) {
      octets = (octets + end - start) | 0;
    },
    gap() {},
    ended() {},
    closed() {},
    anomaly() {},
  };
  const streams = new Streams(table, DEFAULT_LIMITS, listener);
  const view = new PacketView();
  view.buffer = new Uint8Array(154);
  view.ipVersion = 4;
  view.transport = transport;
  view.flags = 16;
  view.payloadStart = 54;
  view.payloadEnd = 154;
  view.time[0] = 1_700_000_000e6;
  const sequences = Int32Array.of(0x7fffff00, -50);
  let d = 0;
  return () => {
    d = 1 - d;
    view.addresses[3] = d === 0 ? 5 : 6;
    view.addresses[7] = d === 0 ? 6 : 5;
    view.sourcePort = d === 0 ? 40123 : 5222;
    view.destinationPort = d === 0 ? 5222 : 40123;
    view.sequence = sequences[d] ?? 0;
    sequences[d] = (view.sequence + 100) | 0;
    view.acknowledgement = sequences[1 - d] ?? 0;
    view.time[0] = (view.time[0] ?? 0) + 10.5;
    streams.packet(view);
  };
}

describe('octets of heap a packet', () => {
  test('the measure sees an allocation', () => {
    const send = sender(Disposition.Session, 6);
    let kept: number[] = [];
    const cost = costOf(() => {
      send();
      kept = [kept.length];
    }, usualHeapCost);
    expect(cost).toBeGreaterThan(BUDGET);
  });

  test.each([
    ['let go', Disposition.LetGo, 6],
    ['opaque', Disposition.Opaque, 6],
    ['undecided, in order', Disposition.Undecided, 6],
    ['datagram', Disposition.Session, 17],
  ] as const)('%s', (_, disposition, transport) => {
    expect(costOf(sender(disposition, transport))).toBeLessThanOrEqual(BUDGET);
  });

  test('session, in order: the view that its parser is lent', () => {
    expect(costOf(sender(Disposition.Session, 6))).toBeLessThanOrEqual(VIEW + BUDGET);
  });
});
