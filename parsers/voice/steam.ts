/**
 * Steam over UDP:
 *
 *   ff ff ff ff 21 4c 5f a0, length:u32le header …    discovery of one's own devices (nDPI steam.c)
 *   type, flags, "sdping" …, zeros up to 100 octets    ping of a relay (nDPI steam_datagram_relay.c)
 *   "VS01", length:u16le, type 1..7 …, 36 octets and `length`   connection to a server of Steam's (SteamKit2, UdpPacket)
 */
import { i32be, u16le } from '../../src/bytes/read.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { oneDatagram } from './one-datagram.ts';

const PING = ascii('sdping');
const CONNECTION = ascii('VS01');
const CONNECTION_HEADER = 36;
const LAST_TYPE = 7; // EUdpPacketType.Datagram

export const STEAM = oneDatagram({
  name: 'steam-udp',
  reason: 'Steam',
  signatureOf: (_direction, octets) => steamSignature(octets),
});

function steamSignature(octets: Uint8Array): string | undefined {
  const { length } = octets;
  if (length >= 40 && i32be(octets, 0) === -1 && i32be(octets, 4) === 0x214c5fa0) {
    return 'steam-discovery';
  }
  if (length >= 100 && startsWith(octets, 2, PING)) return 'steam-datagram-relay';
  if (length < CONNECTION_HEADER || !startsWith(octets, 0, CONNECTION)) return undefined;
  const type = octets[6] ?? 0;
  const isWhole = length === CONNECTION_HEADER + u16le(octets, 4);
  return isWhole && type >= 1 && type <= LAST_TYPE ? 'steam-cm' : undefined;
}
