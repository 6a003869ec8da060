/**
 * Is it KakaoTalk's LOCO? In clear (the booking server's) a packet's head, or the handshake of its secure layer
 * (loco-protocol-rs; ../shared/corpus/encrypted/kakaotalk):
 *
 *   head        u32 LE id, u16 LE status, method of 11 octets (capitals, digits; zeros behind), u8 type of the body,
 *               u32 LE length of the body, which is BSON and begins with the same length
 *   handshake   u32 LE 256, u32 LE kind of key, u32 LE cipher (2 AES-CFB, 3 AES-GCM), 256 octets: a key under RSA;
 *               then packets of u32 LE length, initial vector, sealed octets
 */
import { i32le } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';
import { mayBeRandom } from '../framing/random-octets.ts';

const HANDSHAKE = pattern('00 01 00 00 . 00 00 00 . 00 00 00');
/** Octets of the sealed key that are looked at. */
const KEY_SEEN = 32;
const KEY_KINDS = 32;
const CIPHERS = 4;

const METHOD = 6;
const METHOD_END = 17;
const LENGTH = 18;
const HEAD = 22;
/** BSON: its length and its end. */
const BODY_LEAST = 5;
const BODY_MOST = 1 << 20;
/** Ids count from 0 on each connection. */
const ID_MOST = 1 << 16;

export const PROBE_LIMIT = HANDSHAKE.length + KEY_SEEN + 1;

export function probeLoco(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  const handshake = handshakeOf(octets);
  return handshake === Probe.No ? headOf(octets) : handshake;
}

function handshakeOf(octets: Uint8Array): Probe {
  const answer = beginsWith(octets, HANDSHAKE);
  if (answer !== Probe.Yes) return answer;
  const kind = octets[4] ?? 0;
  const cipher = octets[8] ?? 0;
  if (kind === 0 || kind > KEY_KINDS || cipher === 0 || cipher > CIPHERS) return Probe.No;
  const end = HANDSHAKE.length + KEY_SEEN;
  if (!mayBeRandom(octets, HANDSHAKE.length, Math.min(end, octets.length))) return Probe.No;
  return octets.length < end ? Probe.More : Probe.Yes;
}

function headOf(octets: Uint8Array): Probe {
  const end = octets.length;
  if (end > 3 && i32le(octets, 0) >>> 0 > ID_MOST) return Probe.No;
  if (end > 5 && (octets[4] !== 0 || octets[5] !== 0)) return Probe.No;
  let isOver = false;
  for (let at = METHOD; at < Math.min(end, METHOD_END); at++) {
    const octet = octets[at] ?? 0;
    if (octet === 0) isOver = at > METHOD + 1;
    const isWord = (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x30 && octet <= 0x39);
    if (octet === 0 ? !isOver : isOver || !isWord) return Probe.No;
  }
  if (end < HEAD + 4) return end > 2 && octets[2] !== 0 ? Probe.No : Probe.More;
  const length = i32le(octets, LENGTH);
  const isBody = length >= BODY_LEAST && length <= BODY_MOST && i32le(octets, HEAD) === length;
  return isBody ? Probe.Yes : Probe.No;
}
