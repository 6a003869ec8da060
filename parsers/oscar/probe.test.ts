import { describe, expect, test } from 'vitest';
import { hex, joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import {
  flap,
  HELLO,
  name,
  piece,
  received,
  SELF,
  sent,
  snac,
  tlv,
  words,
} from './oscar.fixture.ts';
import { probeOscar } from './probe.ts';

const { ToServer, ToClient } = Direction;
const HI = words(piece('0000', "'hi'"));
const TYPING = snac('0004/0014', '00'.repeat(8), '0001', name('bob'), '0002');

type Case = readonly [string, Direction, boolean, Uint8Array, Probe];

const CASES: readonly Case[] = [
  ['nothing yet', ToServer, false, hex(''), Probe.More],
  ['an HTTP request', ToServer, false, octets('GET / HTTP/1.1\r\n'), Probe.No],
  ['a Redis array', ToServer, false, octets('*3\r\n$3\r\nSET'), Probe.No],
  ['half a head', ToServer, false, hex('2a01 00'), Probe.More],
  ['the greeting of a client', ToServer, false, HELLO, Probe.Yes],
  ['the greeting of a server: TOC has it too', ToClient, false, HELLO, Probe.More],
  ['a longer greeting of a server', ToClient, false, flap(1, '00000001', tlv(0x8001)), Probe.More],
  ['a server of which only this side is seen', ToClient, false, joined(HELLO, SELF), Probe.Yes],
  ['SNACs of the client from the server', ToClient, false, joined(HELLO, sent('b', HI)), Probe.No],
  ['another FLAP version tells nothing', ToServer, false, flap(1, '00000002'), Probe.More],
  [
    'another FLAP version, and a message',
    ToServer,
    false,
    joined(flap(1, '00000002', tlv(6, "'c'")), sent('bob', HI)),
    Probe.Yes,
  ],
  [
    'another FLAP version, and something else',
    ToServer,
    false,
    joined(flap(1, '00000002'), octets('hello')),
    Probe.No,
  ],
  ['data before a greeting', ToServer, false, sent('bob', HI), Probe.No],
  [
    'TOC after the greeting',
    ToClient,
    false,
    joined(HELLO, flap(2, octets('SIGN_ON:TOC1.0'))),
    Probe.No,
  ],
  ['in the middle: a message of the client', ToServer, true, sent('bob', HI), Probe.Yes],
  ['in the middle: exchanged', ToClient, true, sent('bob', HI), Probe.No],
  ['in the middle: a message of the server', ToClient, true, received('bob', HI), Probe.Yes],
  ['in the middle: half a message', ToServer, true, sent('bob', HI).subarray(0, 30), Probe.More],
  ['in the middle: a sign of life', ToServer, true, flap(5), Probe.More],
  ['in the middle: both sides type', ToServer, true, TYPING, Probe.More],
  [
    'in the middle: then one of them writes',
    ToServer,
    true,
    joined(TYPING, flap(5), sent('b', HI)),
    Probe.Yes,
  ],
  ['in the middle: a greeting tells nothing', ToServer, true, HELLO, Probe.More],
  [
    'in the middle: flags that no SNAC has',
    ToServer,
    true,
    flap(2, '0004 0006 0100 00000000'),
    Probe.No,
  ],
  [
    'in the middle: a family that does not exist',
    ToServer,
    true,
    flap(2, '0044 0006 0000 00000000'),
    Probe.No,
  ],
  ['in the middle: too short for a SNAC', ToServer, true, flap(2, '0004 0006'), Probe.No],
  ['in the middle: a long sign of life', ToServer, true, flap(5, '00'.repeat(9)), Probe.No],
];

test.each(CASES)('%s', (_, direction, midstream, wire, want) => {
  expect(probeOscar(direction, wire, midstream)).toBe(want);
});

describe('picked up inside a frame', () => {
  const tail = hex("'the end * of a frame' 2a02 2a");
  const [one, two] = [sent('bob', HI), sent('carl', HI)];
  const numbered = (frame: Uint8Array, sequence: number) => {
    const copy = frame.slice();
    new DataView(copy.buffer).setUint16(2, sequence);
    return copy;
  };
  const follow = (first: Uint8Array, second: Uint8Array, at = 0xffff) =>
    joined(tail, numbered(first, at), numbered(second, at + 1));

  test.each<[string, Direction, boolean, Uint8Array, Probe]>([
    ['two frames of the client follow', ToServer, true, follow(one, two), Probe.Yes],
    ['of the other side', ToClient, true, follow(one, two), Probe.No],
    ['of the server', ToClient, true, follow(received('bob', HI), SELF), Probe.Yes],
    [
      'the second is not all there',
      ToServer,
      true,
      follow(one, two).subarray(0, tail.length + one.length + 16),
      Probe.Yes,
    ],
    ['their numbers do not follow', ToServer, true, joined(tail, one, two), Probe.No],
    ['only one follows', ToServer, true, joined(tail, one, hex('2a')), Probe.No],
    ['from the beginning', ToServer, false, follow(one, two), Probe.No],
    ['one octet', ToServer, true, hex('00'), Probe.More],
    ['stars', ToServer, true, octets(`x${'*'.repeat(8000)}`), Probe.No],
  ])('%s', (_, direction, midstream, wire, want) => {
    expect(probeOscar(direction, wire, midstream)).toBe(want);
  });
});

describe('octet by octet', () => {
  test.each(CASES)('%s: no answer is taken back', (_, direction, midstream, wire, want) => {
    for (let length = 0; length <= wire.length; length++) {
      const answer = probeOscar(direction, wire.subarray(0, length), midstream);
      if (answer === Probe.More) continue;
      expect(answer, `${length} octets`).toBe(want);
      return;
    }
    expect(want).toBe(Probe.More);
  });
});
