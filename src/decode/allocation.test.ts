/** The allocation budget: reading and decoding a plain packet costs the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { PcapReader } from '../capture/pcap-reader.ts';
import { PcapWriter } from '../capture/pcap-writer.ts';
import { decoder } from './decode.fixture.ts';
import { ethernet, ipv4, ipv6, octets, tcp, text, udp } from './frame.fixture.ts';
import { PacketView } from './packet-view.ts';

const RECORDS = 2000;
const BUDGET = 2; // octets of heap a packet: the noise of the measure; a small object is 16
const PAYLOAD = text('nothing to see here');

const FRAMES = [
  ethernet(0x0800, ipv4(6, tcp(PAYLOAD))),
  ethernet(0x8100, octets('0005 0800', ipv4(17, udp(53, PAYLOAD)))),
  ethernet(0x86dd, ipv6(6, tcp(PAYLOAD))),
  ethernet(0x86dd, ipv6(17, udp(53, PAYLOAD))),
];

const writer = new PcapWriter(1);
const records = Array.from({ length: RECORDS }, (_, i) =>
  writer.record(FRAMES[i % FRAMES.length] ?? PAYLOAD, 1.7e15 + i * 1000),
);
const FILE = octets(writer.header(), ...records);

test('the measure sees an allocation a packet', () => {
  let kept: number[] = [];
  const sink = {
    frame() {
      kept = [kept.length];
    },
  };
  const cost = usualHeapCost(RECORDS, () => {
    new PcapReader({ name: 'test', framesBefore: 0 }).read(FILE, 0, FILE.length, sink);
  });
  expect(cost).toBeGreaterThan(BUDGET);
});

test('a plain packet allocates nothing', () => {
  const by = decoder();
  const view = new PacketView();
  const sink = {
    frame(frame: Parameters<typeof by.decode>[0]) {
      by.decode(frame, view);
    },
  };
  const cost = heapCost(RECORDS, () => {
    new PcapReader({ name: 'test', framesBefore: 0 }).read(FILE, 0, FILE.length, sink);
  });
  expect(by.counters.outcomes[0]).toBeGreaterThan(RECORDS);
  expect(by.counters.outcomes[1]).toBeGreaterThan(RECORDS);
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
