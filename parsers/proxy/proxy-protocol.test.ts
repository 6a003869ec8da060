import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { client, Ear, feed, flowContext, hex, octets } from '../../test/support/parser-harness.ts';
import { ANY_PROTOCOL, Direction, Probe, Status } from '../contract.ts';
import { PROXY_PROTOCOL } from './definition.ts';
import { probeProxyProtocol } from './proxy-protocol.ts';

const SIGNATURE = '0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a';

describe.each([
  ['version 1', octets('PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n')],
  ['version 1, of nobody', octets('PROXY UNKNOWN\r\n')],
  ['version 2', hex(`${SIGNATURE} 21 11 00 0c c0 00 02 01 c6 33 64 07 dc 04 01 bb`)],
  ['version 2, of itself', hex(`${SIGNATURE} 20 00 00 00`)],
])('%s', (_, header) => {
  test.each([1, 2, 7, 1000])('in pieces of %i: what is behind it is handed on', (size) => {
    const cutAt = (length: number) =>
      [...Array(Math.floor(length / size)).keys()].map((i) => i * size);
    const ear = feed(PROXY_PROTOCOL.create(flowContext()), [client(header, 'inner')], cutAt);
    expect(ear.heard).toEqual([{ handOver: ANY_PROTOCOL, reason: 'the PROXY protocol' }]);
    const rest = String.fromCharCode(...(ear.handedOver[0] ?? []));
    expect('inner'.startsWith(rest)).toBe(true);
    if (size === 1000) expect(rest).toBe('inner');
  });

  test('the probe wants the whole of it', () => {
    for (let n = 0; n < header.length; n++) {
      expect(probeProxyProtocol(0, header.subarray(0, n), false), `${n}`).toBe(Probe.More);
    }
    expect(probeProxyProtocol(0, header, false)).toBe(Probe.Yes);
    expect(probeProxyProtocol(0, header, true)).toBe(Probe.No);
    expect(probeProxyProtocol(1, header, false)).toBe(Probe.No);
  });
});

test.each([
  ['PROXY UDP4 a\r\n'],
  [`PROXY TCP4 ${'1'.repeat(200)}`],
  ['PROXYCHAINS\r\n'],
  ['\r\n\r\nGET'],
])('%.20j is none', (wire) => {
  expect(probeProxyProtocol(0, octets(wire), false)).toBe(Probe.No);
});

test('a length beyond the limit, and another version, are none', () => {
  expect(probeProxyProtocol(0, hex(`${SIGNATURE} 21 11 ff ff`), false)).toBe(Probe.No);
  expect(probeProxyProtocol(0, hex(`${SIGNATURE} 31`), false)).toBe(Probe.No);
});

test('a server that speaks before the header is whole ends the reading', () => {
  const parser = PROXY_PROTOCOL.create(flowContext());
  parser.push(Direction.ToServer, octets('PROXY TC'), new Ear());
  expect(parser.push(Direction.ToClient, octets('220'), new Ear())).toBe(Status.Done);
});

test('any octets throw nothing and are held in bounds', () => {
  const start = fc.constantFrom(octets('PROXY TCP4 '), hex(`${SIGNATURE} 21 11 03 ff`));
  const wire = fc.oneof(fc.uint8Array({ maxLength: 300 }), start);
  fc.assert(
    fc.property(fc.array(wire, { maxLength: 9 }), (pieces) => {
      const parser = PROXY_PROTOCOL.create(flowContext());
      feed(
        parser,
        pieces.map((piece) => client(piece)),
      );
      expect(parser.held()).toBeLessThan(512 + 2 * 16_384);
    }),
  );
});
