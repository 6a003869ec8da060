/** WhatsApp by its first octets: vectors of ../shared/protocols, and real sign-ins of 2015. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  server,
} from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction, Status } from '../contract.ts';
import { WHATSAPP } from './definition.ts';

const KEY = hex('01 02 03 04 05 06 07 08'.repeat(4));
/** vectors.json, "preamble+clienthello": its key is of zeros. */
const VECTOR = hex(`57 41 06 03 00 00 24 12 22 0a 20 ${'00 '.repeat(32)}`);
const PREAMBLE = hex('57 41 06 03');
const HELLO = joined(hex('00 00 24 12 22 0a 20'), KEY);
const ROUTED = joined(hex('45 44 00 01 00 00 04 08 02 08 05'), PREAMBLE, HELLO);
/** Noise_IK: key, sealed long-term key, sealed payload, and a field of a newer version. */
const RESUMED = joined(
  PREAMBLE,
  hex('00 00 64 12 62 0a 20'),
  KEY,
  hex(`12 30 ${'aa '.repeat(48)} 1a 0a ${'bb '.repeat(10)} 48 01`),
);
/** ServerHello: key, sealed key, sealed certificates. */
const ANSWER = joined(
  hex('00 00 a5 1a a2 01 0a 20'),
  KEY,
  hex(`12 30 ${'aa '.repeat(48)} 1a 4c ${'bb '.repeat(76)}`),
);
/** First frames of iOS and of Android in 2015, to the account's number and what is sealed. */
const OLD_TEXT = joined(
  hex("57 41 01 05 00 00 1a f8 05 01 a5 91 89 fc 12 'iPhone-2.12.2-5222'"),
  hex('00 00 19 f8 02 9c f8 04 f8 01 fc 07 77726976616379 f8 01 80 f8 01 40 f8 01 78'),
  hex("00 00 1a f8 06 0c 56 bf b5 fc 0c '393400000000' fc 04 aa bb cc dd 01"),
);
const OLD_DIGITS = joined(
  hex("57 41 01 05 00 00 17 f8 05 01 a5 91 89 fc 0f 'Android-2.12.84'"),
  hex('00 00 19 f8 02 9c f8 04 f8 01 fc 07 77726976616379 f8 01 80 f8 01 40 f8 01 78'),
  hex('00 00 14 f8 08 0c b5 ff 87 55 21 00 00 00 00 0f ec 4e a6 56 bf fc 00'),
);

const noise = (protocolVersion?: string) => ({
  identify: {
    evidence: 'signature',
    signatures: ['whatsapp-noise'],
    reason: 'Noise handshake',
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
  },
});
const old = (account?: string) => ({
  identify: {
    evidence: 'signature',
    signatures: ['whatsapp-funxmpp'],
    reason: 'encrypted after sign-in',
    protocolVersion: '1.5',
    ...(account === undefined ? {} : { account }),
  },
});

describeProbe(WHATSAPP, [
  { name: 'the vector', wire: VECTOR, at: 8 },
  { name: 'with routing information', wire: ROUTED, at: 19 },
  { name: 'taken up again', wire: RESUMED, at: 8 },
  { name: 'version 1', wire: OLD_TEXT, at: 8 },
  { name: 'only the server is seen', direction: Direction.ToClient, wire: ANSWER, at: 8 },
  { name: 'only its end is seen', wire: VECTOR, midstream: true },
  { name: 'another word', wire: hex("'WAIT for me'") },
  { name: 'a version that never was', wire: hex('57 41 00 03 00 00 24 12 22') },
  { name: 'a version of text', wire: hex("'WAVE'") },
  { name: 'a first frame of another kind', wire: hex('57 41 06 03 00 00 24 1a 22') },
  { name: 'a first frame without end', wire: hex('57 41 06 03 00 ff ff 12 22') },
  { name: 'routing without end', wire: hex('45 44 00 01 00 01 00 08') },
  {
    name: 'a frame of a server with another length inside',
    direction: Direction.ToClient,
    wire: hex('00 00 a5 1a a3 01 0a 20 00'),
  },
  {
    name: 'a server with another first field',
    direction: Direction.ToClient,
    wire: hex('00 00 a5 1a a2 01 12 20 00'),
  },
]);

describeRows(WHATSAPP, [
  { name: 'the vector', turns: [client(VECTOR), server(ANSWER)], want: [noise('6.3')] },
  { name: 'with routing information', turns: [client(ROUTED)], want: [noise('6.3')] },
  { name: 'taken up again', turns: [client(RESUMED)], want: [noise('6.3')] },
  { name: 'only the server is seen', turns: [server(ANSWER)], want: [noise()] },
  { name: 'the number in text', turns: [client(OLD_TEXT)], want: [old('393400000000')] },
  { name: 'the number in half octets', turns: [client(OLD_DIGITS)], want: [old('5521000000000')] },
]);

describe('what is not whole or not right', () => {
  const end = (octets: Uint8Array, direction: Direction = Direction.ToServer) => {
    const parser = WHATSAPP.create(flowContext());
    const ear = new Ear();
    const status = parser.push(direction, octets, ear);
    parser.end(direction, ear);
    return { status, heard: ear.heard };
  };

  test('a hello that is cut off is believed: the preamble was seen', () => {
    expect(end(VECTOR.subarray(0, 20)).heard).toEqual([noise('6.3')]);
    expect(end(OLD_TEXT.subarray(0, 40)).heard).toEqual([old()]);
  });

  test('a hello longer than what is kept is believed', () => {
    const long = joined(PREAMBLE, hex('00 30 00 12 fd 5f 0a 20'), new Uint8Array(9000));
    expect(end(long)).toEqual({ status: Status.Done, heard: [noise('6.3')] });
  });

  test.each([
    ['a key of another size', joined(PREAMBLE, hex('00 00 05 12 03 0a 01 00'))],
    ['no key', joined(PREAMBLE, hex('00 00 04 12 02 18 00'))],
    ['a length beyond its frame', joined(PREAMBLE, hex('00 00 04 12 7f 0a 20'))],
    ['groups', joined(PREAMBLE, hex('00 00 04 12 02 0b 0b'))],
    ['the server’s hello from the client', joined(PREAMBLE, hex('00 00 24 1a 22 0a 20'), KEY)],
  ])('%s', (_, wire) => {
    expect(end(wire)).toEqual({ status: Status.Lost, heard: [] });
  });

  test('a number with letters is none', () => {
    const odd = OLD_TEXT.slice();
    odd[odd.indexOf(0x39)] = 0x41;
    expect(end(odd).heard).toEqual([old()]);
  });
});

test('nothing is held after it was said, and one flow says it once', () => {
  const parser = WHATSAPP.create(flowContext());
  const ear = feed(parser, [client(VECTOR)]);
  expect(parser.held()).toBe(0);
  expect(parser.push(Direction.ToServer, VECTOR, ear)).toBe(Status.Done);
  expect(ear.heard).toHaveLength(1);
});

hostile(WHATSAPP, [VECTOR, ROUTED, RESUMED, ANSWER, OLD_TEXT, OLD_DIGITS], 2 * 16384);
