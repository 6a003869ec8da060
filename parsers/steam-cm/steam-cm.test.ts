/** Steam's connection manager. */
import { client, describeRows, hex, joined, server } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { STEAM_CM } from './definition.ts';

const { ToClient } = Direction;
const NOBODY = 'ff '.repeat(16);
const REQUEST = hex(`1c 00 00 00 'VT01' 17 05 00 00 ${NOBODY} 01 00 00 00 01 00 00 00`);
const ANSWER = joined(
  hex(`a4 00 00 00 'VT01' 18 05 00 00 ${NOBODY} 01 00 00 00 80 00 00 00`),
  new Uint8Array(136).fill(0xc7),
);

describeProbe(STEAM_CM, [
  { name: 'the server asks', direction: ToClient, wire: REQUEST, at: 12 },
  { name: 'the client answers', wire: ANSWER, at: 12 },
  { name: 'the wrong way round', wire: REQUEST },
  { name: 'in the middle', midstream: true, wire: ANSWER },
  { name: 'another mark', wire: hex("1c 00 00 00 'VT02' 17 05 00 00") },
  { name: 'another message', direction: ToClient, wire: hex("1c 00 00 00 'VT01' 19 05 00 00") },
]);

const want = [
  { identify: { evidence: 'signature', signatures: ['steam-cm'], reason: 'encrypted' } },
];
describeRows(STEAM_CM, [
  { name: 'a connection', turns: [server(REQUEST), client(ANSWER)], want },
  { name: 'only the client is seen', turns: [client(ANSWER)], want },
]);

hostile(STEAM_CM, [REQUEST, ANSWER], 0);
