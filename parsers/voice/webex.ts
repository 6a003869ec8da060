/**
 * Webex's media servers, from a capture of 2017: the client greets with 01 00 00 00 00 00 00 01, the server answers
 * with 02 00 00 00 00, two octets of its own and 01. That both do is what tells.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { echoed } from './echoed.ts';

const LENGTH = 8; // octets

export const WEBEX_MEDIA = echoed({
  name: 'webex-udp',
  signature: 'webex-udp',
  activity: 'call',
  firstOctets: '\x01',
  reason: 'Webex media',
  isQuestion: (octets) =>
    octets.length === LENGTH && i32be(octets, 0) === 0x0100_0000 && i32be(octets, 4) === 1,
  isAnswer: (octets) =>
    octets.length === LENGTH &&
    i32be(octets, 0) === 0x0200_0000 &&
    octets[4] === 0 &&
    u16be(octets, 5) !== 0 &&
    octets[7] === 1,
  tokenOf: () => 1,
});
