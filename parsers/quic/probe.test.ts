/** Which datagrams are QUIC's, and whose. */
import { describe, expect, test } from 'vitest';
import { hex, joined } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { QUIC } from './definition.ts';
import { probeQuic } from './probe.ts';
import { chlo, cryptoFrame, DCID, helloFor, initial, padding } from './quic.fixture.ts';

const hello = cryptoFrame(helloFor('web.whatsapp.com', 300));
const first = initial([hello]);
const server = initial([hello], { id: padding(3), source: DCID });
const asked = (octets: Uint8Array) => [
  probeQuic(Direction.ToServer, octets, false) === Probe.Yes,
  probeQuic(Direction.ToClient, octets, false) === Probe.Yes,
];
const with2 = (octets: Uint8Array, at: number, value: number) => {
  const changed = octets.slice();
  changed[at] = value;
  return changed;
};
const publicHeader = hex("09 8394c8f03e515708 'Q043' 01 00000000 00000000 00000000 a0010400");
const FORCED = { version: 0x5a6a7a8a };

const BOTH = [true, true];
const CLIENT = [true, false];
const SERVER = [false, true];
const NEITHER = [false, false];

test.each<[string, Uint8Array, boolean[]]>([
  ['an Initial that either may have sent', first, BOTH],
  ['with a token: a client’s', initial([hello], { token: padding(40) }), CLIENT],
  ['to an id too short to be made up: a server’s', server, SERVER],
  ['0-RTT: a client’s', initial([hello], { type: 1 }), CLIENT],
  ['a packet of the handshake', initial([hello], { type: 2 }), BOTH],
  ['version 2', initial([hello], { version: 0x6b3343cf }), BOTH],
  ['version 2, 0-RTT', initial([hello], { version: 0x6b3343cf, type: 1 }), CLIENT],
  ['Retry', hex(`f0 00000001 00 03 aabbcc '${'t'.repeat(60)}'`), SERVER],
  ['version negotiation', hex('80 00000000 00 03 aabbcc 1a2a3a4a 00000001'), SERVER],
  [
    'version negotiation without a known version',
    hex('80 00000000 00 03 aabbcc 11223344'),
    NEITHER,
  ],
  ['version negotiation that is cut', hex('80 00000000 00 03 aabbcc 00000001 0000'), NEITHER],
  ['Google’s, in clear', joined(publicHeader, chlo({ SNI: 'a.b' })), CLIENT],
  ['Google’s Q046', hex(`c3 'Q046' 50 8394c8f03e515708 00000001 '${'-'.repeat(40)}'`), CLIENT],
  [
    'Google’s Q046 of a server',
    hex(`c3 'Q046' 05 8394c8f03e515708 00000001 '${'-'.repeat(40)}'`),
    NEITHER,
  ],
  [
    'Google’s, a version that never was',
    joined(with2(publicHeader, 11, 0x37), padding(99)),
    NEITHER,
  ],
  ['a version that means nothing, as a first flight', initial([hello], FORCED), CLIENT],
  ['of less than 1200 octets', initial([hello], { ...FORCED, size: 1000 }), NEITHER],
  ['a version of nobody’s, as a first flight', initial([hello], { version: 0x12345678 }), CLIENT],
  ['that does not fill the datagram', joined(initial([hello], FORCED), hex('7f')), NEITHER],
  ['that padding fills', joined(initial([hello], FORCED), padding(30)), CLIENT],
  ['without the QUIC bit', with2(first, 0, 0x80), NEITHER],
  ['without it, with a token', initial([hello], { quicBit: false, token: padding(9) }), CLIENT],
  ['an id of 21 octets', with2(first, 5, 21), NEITHER],
  ['a source id of 21 octets', with2(first, 14, 21), NEITHER],
  ['a token longer than the datagram', with2(first, 15, 0x7f), NEITHER],
  ['a length beyond the datagram', with2(first, 17, 0xff), NEITHER],
  ['a short header', hex(`40 8394c8f03e515708 '${'x'.repeat(40)}'`), NEITHER],
  ['RTP', hex(`80 00 00 00 01 08 3040 55667788 '${'x'.repeat(160)}'`), NEITHER],
  ['DTLS', hex("16 fefd 0000 000000000000 0004 'abcd'"), NEITHER],
  ['STUN', hex('0001 0000 2112a442 000102030405060708090a0b'), NEITHER],
  ['nothing', padding(0), NEITHER],
])('%s', (_, octets, want) => expect(asked(octets)).toEqual(want));

describe('every prefix of a packet', () => {
  test.each([
    ['of version 1', first],
    ['of a server', server],
    ['of a version of nobody’s', initial([hello], FORCED)],
  ])('%s is none, and none is asked for more', (_, octets) => {
    for (let length = 0; length < octets.length; length++) {
      for (const direction of [Direction.ToServer, Direction.ToClient]) {
        expect(probeQuic(direction, octets.subarray(0, length), false)).toBe(Probe.No);
      }
    }
  });
});

test('what the registry says datagrams begin with is what the probe takes', () => {
  const octets = new Set([...(QUIC.firstOctets ?? '')].map((c) => c.charCodeAt(0)));
  const google = joined(publicHeader, chlo({ SNI: 'a.b' }));
  const taken = new Set<number>();
  for (const packet of [first, initial([hello], { quicBit: false, token: padding(9) }), google]) {
    for (let octet = 0; octet < 256; octet++) {
      if (asked(with2(packet, 0, octet)).includes(true)) taken.add(octet);
    }
  }
  expect([...taken].filter((octet) => !octets.has(octet))).toEqual([]);
  expect(taken.has(0x09) && taken.has(0x3d) && taken.has(0xc0) && taken.has(0x80)).toBe(true);
});
