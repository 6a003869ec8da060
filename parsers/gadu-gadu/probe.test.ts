import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import {
  login70,
  login80,
  login105,
  packet,
  receive80,
  send80,
  u16,
  u32,
  welcome,
} from './gadu.fixture.ts';
import { PROBE_LIMIT, probeGadu } from './probe.ts';

const { ToServer, ToClient } = Direction;
const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function answer(direction: Direction, whole: Uint8Array, midstream = false): string {
  for (let length = 0; length < whole.length; length++) {
    const early = probeGadu(direction, whole.subarray(0, length), midstream);
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeGadu(direction, whole, midstream)] ?? '';
}

const typing = packet(0x59, u16(1), u32(9));

describe('what is Gadu-Gadu', () => {
  test.each([
    ['sign-in of 5', ToServer, packet(0x0c, u32(9, 0x8badf00d, 2, 0x11, 0), u16(0)), false],
    [
      'sign-in of 6',
      ToServer,
      packet(0x15, u32(9, 0x8badf00d, 2, 0x20), 0, u32(0), u16(0), u32(0), u16(0), 50, 0xbe),
      false,
    ],
    ['sign-in of 7', ToServer, login70(), false],
    ['sign-in of 8', ToServer, login80(), false],
    ['sign-in of 10.5', ToServer, login105(), false],
    ['welcome and the answer to a sign-in', ToClient, joined(welcome, packet(0x35, u32(1))), false],
    ['two messages in the middle', ToServer, joined(send80('a', 'a'), send80('b', 'b')), true],
    ['a message and a state in the middle', ToClient, joined(receive80('a', 'a'), typing), true],
  ])('%s', (_name, direction, wire, midstream) => {
    expect(answer(direction, wire, midstream)).toBe('Yes');
  });
});

describe('what is not, or not yet', () => {
  test.each([
    ['a welcome over and over', ToClient, joined(welcome, welcome, welcome), false, 'More'],
    ['one type over and over', ToServer, joined(typing, typing, typing), true, 'More'],
    [
      'acknowledgements with a status that is none',
      ToClient,
      joined(packet(0x05, u32(0, 0, 0)), packet(0x59, u16(1), u32(9))),
      true,
      'No',
    ],
    [
      'numbers of another protocol where a sign-in of 5 has its fields',
      ToServer,
      packet(0x13, u32(0, 0, 0x16, 0, 0, 0x10, 0, 0)),
      false,
      'No',
    ],
    ['small ones too', ToServer, packet(0x13, u32(1, 7, 2, 0x11, 0, 0, 0, 0)), false, 'No'],
    ['a welcome alone', ToClient, welcome, false, 'More'],
    [
      'another protocol that begins like it',
      ToClient,
      joined(welcome, hex('05 00 00 00 01 00 00 00 00')),
      false,
      'No',
    ],
    ['a server that says something else', ToClient, hex('01 00 00 00 08 00 00 00'), false, 'No'],
    ['a sign-in from the server', ToClient, login80(), false, 'No'],
    [
      'a sign-in whose hash is of no known type',
      ToServer,
      packet(0x31, u32(9), 'pl', 7, 'x'.repeat(120)),
      false,
      'No',
    ],
    [
      'a sign-in in no language',
      ToServer,
      packet(0x31, u32(9), u16(0), 1, 'x'.repeat(120)),
      false,
      'No',
    ],
    ['one message in the middle', ToServer, send80('a', 'a'), true, 'More'],
    ['pings in the middle', ToServer, joined(packet(8), packet(8), packet(8)), true, 'More'],
    ['offsets that do not fit', ToServer, packet(0x2d, u32(1, 1, 8, 5, 900), 'hi\0'), true, 'No'],
    ['HTTP', ToServer, octets('GET /appsvc/appmsg_ver8.asp?fmnumber=1 HTTP/1.0\r\n'), false, 'No'],
    ['TLS', ToServer, hex('16 03 01 02 00'), false, 'No'],
    ['a TPKT', ToClient, hex('03 00 00 13'), true, 'No'],
    ['Minecraft', ToServer, hex('10 00 2f 09'), true, 'No'],
  ] as const)('%s', (_name, direction, wire, midstream, want) => {
    expect(answer(direction, wire, midstream)).toBe(want);
  });
});

test('undecided ends at the limit', () => {
  const pings = joined(...Array.from({ length: PROBE_LIMIT / 8 }, () => packet(8)));
  expect(probeGadu(ToServer, pings.subarray(0, PROBE_LIMIT - 8), true)).toBe(Probe.More);
  expect(probeGadu(ToServer, pings, true)).toBe(Probe.No);
});

test('random octets are not Gadu-Gadu and throw nothing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(ToServer, ToClient),
      fc.boolean(),
      (wire, direction, midstream) => {
        expect(probeGadu(direction, wire, midstream)).not.toBe(Probe.Yes);
      },
    ),
  );
});
