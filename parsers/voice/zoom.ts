/**
 * Zoom's media (Michel et al., "Enabling Passive Measurement of Zoom Performance", 2022; nDPI zoom.c; the layouts of
 * hello and peer from captures of 2021 and 2023):
 *
 *   hello to a server   01 00 02|03, session (16 octets), 7 zeros, 02, number:u32, the same number, 40h:u32, 64 octets …
 *   its answer          02 00 01|02|03, session (16 octets), 00 …                              35 octets
 *   peer to peer        1f 02 01, header of 24 octets, length:u32 address as text, length:u32 UUID as text, 0:u32
 */
import { i32be } from '../../src/bytes/read.ts';
import type { Direction } from '../contract.ts';
import { oneDatagram } from './one-datagram.ts';

const SESSION = 3; // where it stands
const ZEROS = 19;
const NUMBER = 27;
const LENGTH = 35;
const SECRET = 64; // octets
const PEER_HEADER = 24;
const LONGEST_ADDRESS = 45; // IPv6 as text
const UUID = 36;

export const ZOOM = oneDatagram({
  name: 'zoom',
  activity: 'call',
  firstOctets: '\x01\x1f',
  reason: 'Zoom media',
  signatureOf: zoomSignature,
});

function zoomSignature(_direction: Direction, octets: Uint8Array): string | undefined {
  if (isHello(octets)) return 'zoom-sfu';
  return isPeer(octets) ? 'zoom-p2p' : undefined;
}

function isHello(octets: Uint8Array): boolean {
  if (octets[0] !== 1 || octets[1] !== 0 || (octets[2] !== 2 && octets[2] !== 3)) return false;
  if (octets.length < LENGTH + 4 + SECRET || i32be(octets, LENGTH) !== SECRET) return false;
  for (let at = ZEROS; at < NUMBER - 1; at++) if (octets[at] !== 0) return false;
  let session = 0;
  for (let at = SESSION; at < ZEROS; at++) session |= octets[at] ?? 0;
  return session !== 0 && i32be(octets, NUMBER) === i32be(octets, NUMBER + 4);
}

function isPeer(octets: Uint8Array): boolean {
  if (octets[0] !== 0x1f || octets[1] !== 2 || octets[2] !== 1) return false;
  if (octets.length < PEER_HEADER + 12) return false;
  const address = i32be(octets, PEER_HEADER);
  if (address < 2 || address > LONGEST_ADDRESS) return false;
  const uuid = PEER_HEADER + 4 + address;
  if (octets.length !== uuid + 4 + UUID + 4 || i32be(octets, uuid) !== UUID) return false;
  return i32be(octets, octets.length - 4) === 0 && octets[uuid + 4 + 8] === 0x2d;
}
