/**
 * Discord's voice servers (Discord's developer documentation, Voice Connections, IP Discovery; nDPI discord.c):
 *
 *   discovery  00 01 00 46, source:u32, 66 octets of address and port, empty
 *   answer     00 02 00 46, source:u32, the address as text and zeros (64 octets), port:u16
 *   keep-alive 13 37 ca fe, counter:u32le, and the same back
 */
import { i32be } from '../../src/bytes/read.ts';
import { Direction } from '../contract.ts';
import { oneDatagram } from './one-datagram.ts';

const DISCOVERY = 74; // octets
const KEEP_ALIVE = 8;
const ADDRESS = 8; // where it stands
const PORT = 72;

export const DISCORD_VOICE = oneDatagram({
  name: 'discord-voice',
  activity: 'call',
  firstOctets: '\0\x13',
  reason: 'Discord voice',
  signatureOf: (direction, octets) => (isDiscord(direction, octets) ? 'discord-voice' : undefined),
});

function isDiscord(direction: Direction, octets: Uint8Array): boolean {
  if (octets.length === KEEP_ALIVE) return i32be(octets, 0) === 0x1337cafe;
  if (octets.length !== DISCOVERY) return false;
  const head = i32be(octets, 0);
  if (direction === Direction.ToServer) return head === 0x00010046 && isEmpty(octets, ADDRESS);
  if (head !== 0x00020046) return false;
  const end = endOfAddress(octets);
  return end >= ADDRESS + 3 && isEmpty(octets, end);
}

function isEmpty(octets: Uint8Array, from: number): boolean {
  for (let at = from; at < PORT; at++) if (octets[at] !== 0) return false;
  return true;
}

/** Digits, dots, colons, a to f. */
function endOfAddress(octets: Uint8Array): number {
  let at = ADDRESS;
  for (; at < PORT; at++) {
    const octet = octets[at] ?? 0;
    const isPart =
      (octet >= 0x2e && octet <= 0x3a) || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x66);
    if (!isPart) break;
  }
  return at;
}
