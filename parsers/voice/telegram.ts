/**
 * Telegram's call relays, "reflectors" (libtgvoip: the UDP relay endpoint of VoIPController and the TLIDs of reflector
 * signaling; seen in a capture of 2023):
 *
 *   tag of the call (16 octets), 12 × ff, then
 *   to the relay     fe ff ff ff, query:u64                                  40 octets: who am I?
 *   from the relay   c01572c7 (self), 27d9371c or 83fc73b1 (peer, IPv4 or IPv6), each u32le, …
 */
import { i32be } from '../../src/bytes/read.ts';
import { oneDatagram } from './one-datagram.ts';

const TAG = 16; // octets
const KIND = 28; // where it stands
const ASKS = 0xfeff_ffff | 0;
const SELF = 0xc772_15c0 | 0;
const PEER = 0x1c37_d927;
const PEER_IPV6 = 0xb173_fc83 | 0;

export const TELEGRAM_REFLECTOR = oneDatagram({
  name: 'telegram-reflector',
  activity: 'call',
  reason: 'Telegram call',
  signatureOf: (_direction, octets) => (isReflector(octets) ? 'telegram-reflector' : undefined),
});

function isReflector(octets: Uint8Array): boolean {
  const { length } = octets;
  if (length < KIND + 12 || octets[TAG] !== 0xff) return false;
  for (let at = TAG; at < KIND; at += 4) if (i32be(octets, at) !== -1) return false;
  const kind = i32be(octets, KIND);
  if (kind === ASKS ? length !== KIND + 12 : kind !== SELF && kind !== PEER && kind !== PEER_IPV6)
    return false;
  // A tag is random: a datagram of ones has none.
  return i32be(octets, 0) !== -1 && i32be(octets, 0) !== 0;
}
