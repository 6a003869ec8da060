/** Checksum verification: what the sums cover, and that it is off unless asked for. */
import { describe, expect, test } from 'vitest';
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import { decoder, outcome } from './decode.fixture.ts';
import {
  DESTINATION4,
  DESTINATION6,
  fragment6,
  ipv4,
  ipv6,
  octets,
  SOURCE4,
  SOURCE6,
  tcp,
  text,
  u16,
  u32,
  udp,
} from './frame.fixture.ts';

const RAW = 101;

/** The segment with its checksum, over the pseudo-header as the RFCs lay it out. */
function summed(segment: Uint8Array, protocol: number, at: number, version: number): Uint8Array {
  const pseudo =
    version === 4
      ? octets(SOURCE4, DESTINATION4, [0, protocol], u16(segment.length)) // RFC 793 §3.1
      : octets(SOURCE6, DESTINATION6, u32(segment.length), [0, 0, 0, protocol]); // RFC 8200 §8.1
  const sum = addWords(pseudo, 0, pseudo.length, 0);
  const good = segment.slice();
  good.set(u16(foldChecksum(addWords(segment, 0, segment.length, sum))), at);
  return good;
}

const TCP4 = summed(tcp(text('hello')), 6, 16, 4);
const UDP4 = summed(udp(53, text('hello')), 17, 6, 4);
const TCP6 = summed(tcp(text('hello!')), 6, 16, 6);
const UDP6 = summed(udp(53, text('hello!')), 17, 6, 6);

const PACKETS: readonly (readonly [string, Uint8Array, number])[] = [
  ['TCP over IPv4', ipv4(6, TCP4), 20],
  ['UDP over IPv4', ipv4(17, UDP4), 20],
  ['TCP over IPv6', ipv6(6, TCP6), 40],
  ['UDP over IPv6', ipv6(17, UDP6), 40],
];

const bad = (packet: Uint8Array, checksums: boolean) =>
  outcome(decoder({}, checksums), packet, { linkType: RAW }).bad;

describe.each(PACKETS)('%s', (_name, packet, transportAt) => {
  test('intact', () => {
    expect(bad(packet, true)).toBe(false);
  });

  test('a changed octet of the payload is found, if it is asked for', () => {
    for (let at = packet.length - 5; at < packet.length; at++) {
      const changed = packet.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      expect(bad(changed, true)).toBe(true);
      expect(bad(changed, false)).toBe(false);
    }
  });

  test('a changed source port is found', () => {
    const changed = packet.slice();
    changed[transportAt] = 1;
    expect(bad(changed, true)).toBe(true);
  });

  test('what is cut cannot be checked', () => {
    const info = { linkType: RAW, originalLength: packet.length };
    expect(outcome(decoder({}, true), packet.slice(0, -1), info)).toMatchObject({
      bad: false,
      missing: 1,
    });
  });
});

test('a changed IPv4 header is found; one left to the network card is not wrong', () => {
  const changed = ipv4(6, TCP4);
  changed[8] = 63;
  expect(bad(changed, true)).toBe(true);
  changed.set([0, 0], 10);
  expect(bad(changed, true)).toBe(false);
});

test('UDP without a checksum is not wrong', () => {
  expect(bad(ipv4(17, udp(53, text('hello'))), true)).toBe(false);
});

test('UDP: only the octets of its length count', () => {
  expect(bad(ipv4(17, octets(UDP4, '01020304')), true)).toBe(false);
});

test('a source-routed packet is summed over another address and left alone', () => {
  const routing = (left: number) =>
    ipv6(43, octets([6, 2, 0, left, 0, 0, 0, 0], SOURCE6, tcp(text('hello!'))));
  expect(bad(routing(0), true)).toBe(true);
  expect(bad(routing(1), true)).toBe(false);
});

test('a datagram is summed when it is whole', () => {
  const by = decoder({}, true);
  outcome(by, fragment6(17, 1, 0, true, UDP6.slice(0, 8)), { linkType: RAW });
  const last = fragment6(17, 1, 8, false, UDP6.slice(8));
  expect(outcome(by, last, { linkType: RAW })).toMatchObject({ payload: 'hello!', bad: false });
});
