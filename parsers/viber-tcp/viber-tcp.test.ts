/** Viber over TCP by its first packets, and by their numbers in the middle of a flow. */
import { client, describeRows, hex, joined, server } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { VIBER_TCP } from './definition.ts';

const { ToClient } = Direction;
const FIRST = hex(`30 00 ad d4 dc 17 fc ff 03 80 29 00 0a 00 00 00 ${'a5 '.repeat(32)}`);
const SHORT = hex('18 00 00 00 00 00 fc ff 05 80 09 00 00 00 00 00 00 00 00 00 33 00 00 00');
const ANSWER = hex(`40 00 ed 03 03 80 00 00 00 00 0a 00 ${'6c '.repeat(52)}`);
const numbered = (length: number, number: number) =>
  joined(
    hex(`${length.toString(16).padStart(2, '0')} 00`),
    hex(`${number.toString(16).padStart(2, '0')} 00 00 00`),
    new Uint8Array(length - 6).fill(0x9b),
  );
const LATER = joined(numbered(40, 10), numbered(56, 11), numbered(24, 12));

describeProbe(VIBER_TCP, [
  { name: 'the client', wire: FIRST, at: 10 },
  { name: 'the client, short', wire: SHORT, at: 10 },
  { name: 'the server', direction: ToClient, wire: ANSWER, at: 12 },
  { name: 'picked up in the middle, the client', midstream: true, wire: LATER, at: 102 },
  { name: 'the server too', midstream: true, direction: ToClient, wire: LATER, at: 102 },
  {
    name: 'a first packet of which the beginning was not seen',
    midstream: true,
    wire: FIRST,
    at: 10,
  },
  { name: 'numbers from the start', wire: LATER },
  { name: 'a length beyond all', wire: hex('ff 7f ad d4 dc 17 fc ff 03 80') },
  { name: 'a kind that is none', wire: hex('30 00 ad d4 dc 17 fc ff 13 80 00') },
  { name: 'another mark', wire: hex('30 00 ad d4 dc 17 fc fe 03 80 00') },
  {
    name: 'numbers that leap',
    midstream: true,
    wire: joined(numbered(40, 10), numbered(56, 12), numbered(24, 13)),
  },
  { name: 'numbers beyond all', midstream: true, wire: hex('28 00 00 00 05 00 01 02 03 04 05') },
  { name: 'TLS in the middle', midstream: true, wire: hex('17 03 03 00 20 aa bb cc dd ee ff') },
]);

const viber = (more = {}) => ({
  identify: { evidence: 'signature', signatures: ['viber-tcp'], reason: 'encrypted', ...more },
});
describeRows(VIBER_TCP, [
  { name: 'a connection', turns: [client(FIRST), server(ANSWER)], want: [viber()] },
  {
    name: 'in the middle',
    turns: [client(LATER)],
    want: [viber({ confidence: 'medium' })],
    context: { midstream: true },
  },
]);

hostile(VIBER_TCP, [FIRST, SHORT, ANSWER, LATER], 0);
