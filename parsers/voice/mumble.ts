/**
 * What lists of Mumble servers ask each of them (Mumble's wiki, Protocol, UDP Ping packet; mumble-scripts):
 *
 *   00 00 00 00, number:u64         12 octets, answered by
 *   version:u32, the same number, users:u32, most users:u32, bits a second:u32    24 octets
 *
 * Voice over UDP has no mark of its own (OCB-AES); its connection over TLS tells.
 */
import { i32be } from '../../src/bytes/read.ts';
import { echoed } from './echoed.ts';

export const MUMBLE_PING = echoed({
  name: 'mumble-ping',
  signature: 'mumble-ping',
  activity: 'lookup',
  ports: [64738],
  firstOctets: '\0',
  reason: 'Mumble ping',
  isQuestion: (octets) => octets.length === 12 && i32be(octets, 0) === 0,
  isAnswer: (octets) =>
    octets.length === 24 && (i32be(octets, 0) >>> 16 === 1 || i32be(octets, 0) >>> 16 === 2),
  // The number stands behind four octets in either.
  tokenOf: (octets) => i32be(octets, 4) * 2 ** 21 + (i32be(octets, 8) >>> 11),
});
