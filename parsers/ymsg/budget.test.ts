/** The allocation budget: keep-alives and what nobody wants cost the heap nothing. */
import { expect, test } from 'vitest';
import { heapCost, usualHeapCost } from '../../test/support/heap.ts';
import { flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { probeYmsgHttp } from './http-probe.ts';
import { YmsgParser } from './parser.ts';
import { probeYmsg } from './probe.ts';
import { packet, served } from './ymsg.fixture.ts';

const RUNS = 1000; // few enough that the collector does not run of itself while we count
const BUDGET = 16; // octets of heap a run: the noise of the measure; one small object is 24 or more
const { ToServer, ToClient } = Direction;
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

function signedIn(): YmsgParser {
  const parser = new YmsgParser(flowContext());
  parser.push(ToServer, packet(0x8a, '0=ann'), quiet);
  return parser;
}

test('keep-alives, pings and pictures allocate nothing', () => {
  const parser = signedIn();
  const up = joined(packet(0x8a, '0=ann'), packet(0x12, ''), packet(0x16, '1=ann|25=C=0,F=1'));
  const down = joined(
    served(0x12, '143=60|144=13'),
    served(0xbd, '4=bob|5=ann|192=1'),
    served(0xc7, '4=bob'),
  );
  const cost = costOf(() => {
    parser.push(ToServer, up, quiet);
    parser.push(ToClient, down, quiet);
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});

test('a message is seen by the same measure', () => {
  const parser = signedIn();
  const segment = packet(6, '1=ann|5=bob|14=hi');
  const cost = costOf(() => {
    parser.push(ToServer, segment, quiet);
  }, usualHeapCost);
  expect(cost).toBeGreaterThan(BUDGET);
});

test('the probes allocate nothing', () => {
  const wires = [
    packet(0x57, '1=ann'),
    octets('YMSG is no packet, however long it goes on'),
    octets('GET /relay?token=x&sender=a&recver=b HTTP/1.1\r\n'),
    octets('POST /notify HTTP/1.1\r\nUser-Agent: x\r\nHost: shttp.msg.yahoo.com\r\n'),
    octets('GET / HTTP/1.1\r\nHost: www.example.org\r\n'),
  ];
  const cost = costOf(() => {
    for (const wire of wires) {
      probeYmsg(ToServer, wire, false);
      probeYmsgHttp(ToServer, wire, false);
    }
  });
  expect(cost).toBeLessThanOrEqual(BUDGET);
});
