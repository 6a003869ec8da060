/**
 * TeamSpeak 3 (the ReSpeak project's notes on the protocol, low-level initiation; nDPI teamspeak.c):
 *
 *   "TS3INIT1", id 00 65, client:u16, flags 88 …         the first datagram of either side
 *
 * and its list of servers, port 2010: a question of four octets, 01 n:u16 01, comes back with four octets more.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { echoed } from './echoed.ts';
import { oneDatagram } from './one-datagram.ts';

const INITIATION = ascii('TS3INIT1');
const PACKET_ID = 101; // of all datagrams of the initiation
const SHORTEST = 12; // octets: the mark, the id, a type

export const TEAMSPEAK = oneDatagram({
  name: 'teamspeak',
  activity: 'call',
  ports: [9987],
  firstOctets: 'T',
  reason: 'TeamSpeak 3',
  signatureOf: (_direction, octets) =>
    octets.length >= SHORTEST &&
    startsWith(octets, 0, INITIATION) &&
    u16be(octets, INITIATION.length) === PACKET_ID
      ? 'teamspeak3'
      : undefined,
});

export const TEAMSPEAK_WEBLIST = echoed({
  name: 'teamspeak-weblist',
  signature: 'teamspeak-weblist',
  activity: 'web',
  firstOctets: '\x01',
  reason: 'TeamSpeak server list',
  isQuestion: (octets) => octets.length === 4 && octets[0] === 1 && octets[3] === 1,
  isAnswer: (octets) => octets.length === 8 && octets[0] === 1 && octets[3] === 1,
  tokenOf: (octets) => i32be(octets, 0),
});
