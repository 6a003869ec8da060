/** Mumble's control channel where TLS was taken away, and its messages (vectors.json of ../shared/protocols). */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  flowContext,
  hex,
  joined,
  server,
} from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction, Status } from '../contract.ts';
import { decodeMessage, type MessageDecoder } from '../framing/decode-message.ts';
import { mumble } from './control.decoder.ts';
import { MUMBLE_CONTROL } from './definition.ts';

/** vectors.json, "authenticate+text". */
const VECTOR = hex('0002000000070a03616e6e2801000b00000013080718002a0d6869203c623e616c6c3c2f623e');
const LOGIN = VECTOR.subarray(0, 13);
/** 1.5.517, with its names. */
const VERSION = hex("00 00 00 00 00 12 08 85 8a 04 12 05 '1.5.5' 1a 05 'Linux'");
/** Without the older number. */
const NEWER = hex("00 00 00 00 00 07 12 05 '1.6.0'");
const SERVER = hex("00 00 00 00 00 08 08 80 80 04 12 02 'xx'");
const NO_NAME = hex('00 02 00 00 00 02 28 01');

describeProbe(MUMBLE_CONTROL, [
  { name: 'version and login', wire: joined(VERSION, VECTOR), at: 28 },
  { name: 'a newer version', wire: joined(NEWER, LOGIN), at: 17 },
  { name: 'in the middle', midstream: true, wire: joined(VERSION, LOGIN) },
  { name: 'no login', wire: joined(VERSION, VERSION) },
  { name: 'no version', wire: LOGIN },
  { name: 'a version of another field', wire: hex("00 00 00 00 00 08 0a 06 'abcdef' 00 02 00 00") },
  { name: 'a version without end', wire: hex('00 00 00 00 04 01 08 85') },
  { name: 'a message of NetBIOS', wire: hex('00 00 00 54 ff 53 4d 42 72 00 00 00') },
  { name: 'a server’s error', direction: Direction.ToClient, wire: hex('00 04 00 00 00 02 08 01') },
]);

const said = (more: object) => ({
  identify: { evidence: 'signature', signatures: ['mumble'], reason: 'not decoded', ...more },
});
describeRows(MUMBLE_CONTROL, [
  {
    name: 'who signs in',
    turns: [server(SERVER), client(VERSION, VECTOR)],
    want: [said({ protocolVersion: '1.5.5', account: 'ann' })],
  },
  { name: 'a newer version', turns: [client(NEWER, LOGIN)], want: [said({ account: 'ann' })] },
  {
    name: 'no name',
    turns: [client(VERSION, NO_NAME)],
    want: [said({ protocolVersion: '1.5.5' })],
  },
]);

describe('what is not right', () => {
  test.each([
    ['a version that is no message', hex('00 00 00 00 00 02 08 ff 00 02 00 00 00 02 28 01')],
    ['another second message', joined(VERSION, hex('00 03 00 00 00 00'))],
  ])('%s', (_, wire) => {
    const ear = new Ear();
    expect(MUMBLE_CONTROL.create(flowContext()).push(Direction.ToServer, wire, ear)).toBe(
      Status.Lost,
    );
    expect(ear.heard).toEqual([]);
  });

  test('a login beyond what is kept is said without its name', () => {
    const ear = new Ear();
    const parser = MUMBLE_CONTROL.create(flowContext());
    const login = joined(hex('00 02 00 00 20 00 0a ff 3f'), new Uint8Array(8189).fill(0x61));
    expect(parser.push(Direction.ToServer, joined(VERSION, login), ear)).toBe(Status.Done);
    expect(ear.heard).toEqual([said({ protocolVersion: '1.5.5' })]);
  });
});

test('the vector: who signs in, and a text to a room', () => {
  const { Authenticate, TextMessage } = mumble as Record<string, MessageDecoder<object>>;
  const decode = (decoder: MessageDecoder<object> | undefined, from: number, to: number) =>
    decoder && { ...decodeMessage(decoder, VECTOR.subarray(from, to)) };
  expect(decode(Authenticate, 6, 13)).toEqual({ username: 'ann' });
  expect(decode(TextMessage, 19, VECTOR.length)).toEqual({
    actor: 7,
    session: [],
    channelId: [0],
    treeId: [],
    message: 'hi <b>all</b>',
  });
});

hostile(MUMBLE_CONTROL, [joined(VERSION, VECTOR), joined(NEWER, NO_NAME), SERVER], 2 * 4096);
