import { describe, expect, test } from 'vitest';
import { hex, joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { hello, message, records, VECTOR } from '../framing/client-hello.fixture.ts';
import { PROBE_LIMIT, probeTls } from './probe.ts';
import { serverFlight } from './tls.fixture.ts';

const toServer = (wire: Uint8Array) => probeTls(Direction.ToServer, wire);
const toClient = (wire: Uint8Array) => probeTls(Direction.ToClient, wire);

test('a ClientHello: certain at the ninth octet', () => {
  expect([...Array(PROBE_LIMIT).keys()].map((n) => toServer(VECTOR.subarray(0, n)))).toEqual(
    Array(PROBE_LIMIT).fill(Probe.More),
  );
  expect(toServer(VECTOR.subarray(0, PROBE_LIMIT))).toBe(Probe.Yes);
  expect(toServer(VECTOR)).toBe(Probe.Yes);
});

test.each([1, 2, 3])('in records of %d octets', (size) => {
  expect(toServer(records(hello(), size))).toBe(Probe.Yes);
});

test('a ServerHello', () => {
  const wire = records(serverFlight({ version: 0x0303 }));
  expect([toClient(wire), toServer(wire)]).toEqual([Probe.Yes, Probe.No]);
  expect(toClient(VECTOR)).toBe(Probe.No);
});

describe('not TLS', () => {
  test.each<[string, Uint8Array]>([
    ['application data, picked up', hex('17 0303 0100')],
    ['an alert', hex('15 0303 0002 0228')],
    ['a version of 4.0', hex('16 0400')],
    ['of 3.5', hex('16 0305')],
    ['a record without octets', hex('16 0301 0000')],
    ['of more than it may have', hex('16 0301 4001')],
    ['another message', joined(records(message(4, octets('x'.repeat(50)))))],
    ['a hello too short for its fields', records(message(1, octets('x'.repeat(37))))],
    ['one longer than anybody takes', hex('16 0301 2000 01 020000')],
    ['an SSLv2 hello', hex('80 2e 01 0301 0015 0000 0010')],
    ['text', octets('GET / HTTP/1.1\r\n')],
  ])('%s', (_, wire) => expect(toServer(wire)).toBe(Probe.No));
});
