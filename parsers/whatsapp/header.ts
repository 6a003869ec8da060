/**
 * How a connection of WhatsApp begins (whatsmeow socket/framesocket.go, Baileys noise-handler; nDPI whatsapp.c):
 *
 *   optional   'E' 'D' 00 01, u24 length, routing information
 *   once       'W' 'A', u8 version, u8 version of the dictionary
 *   frames     u24 length, octets; in both directions
 *
 * From version 2 on the first frame is Noise's (handshake.proto). Version 1, until 2016, is the compressed XML of its
 * time, of which the sign-in stands in clear.
 */
import { u16be } from '../../src/bytes/read.ts';

export const ROUTING_HEAD = 7;
/** Octets of routing information; real ones have 2 to 20. */
const ROUTING_MOST = 255;
export const PREAMBLE = 4;
export const FRAME_HEAD = 3;
/** Versions: 6 in 2026. */
const VERSION_MOST = 15;

export const WANTS_MORE = -1;
export const NOT_SO = -2;

/** Where 'W' 'A' stands, WANTS_MORE or NOT_SO. */
export function preambleAt(octets: Uint8Array, end: number): number {
  if (end === 0) return WANTS_MORE;
  if (octets[0] !== 0x45) return matches(octets, 0, end) ? 0 : NOT_SO;
  if (end > 1 && octets[1] !== 0x44) return NOT_SO;
  if (end > 3 && (octets[2] !== 0 || octets[3] !== 1)) return NOT_SO;
  if (end > 4 && octets[4] !== 0) return NOT_SO;
  if (end < ROUTING_HEAD) return WANTS_MORE;
  const length = u16be(octets, 5);
  if (length > ROUTING_MOST) return NOT_SO;
  const at = ROUTING_HEAD + length;
  if (end <= at) return WANTS_MORE;
  return matches(octets, at, end) ? at : NOT_SO;
}

/** 'W' 'A' and two small numbers, as far as they are there. */
function matches(octets: Uint8Array, at: number, end: number): boolean {
  if (octets[at] !== 0x57) return false;
  if (end > at + 1 && octets[at + 1] !== 0x41) return false;
  const version = octets[at + 2] ?? 1;
  const dictionary = octets[at + 3] ?? 0;
  return version > 0 && version <= VERSION_MOST && dictionary <= VERSION_MOST;
}

/** Octets of the frame at `at` of which the length is there. */
export function frameLength(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 16) | u16be(octets, at + 1);
}
