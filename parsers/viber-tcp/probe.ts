/**
 * Is it Viber over TCP? (nDPI viber.c; ../shared/corpus/encrypted/viber.) Packets that tell their length, of which the
 * first ones stand out:
 *
 *   client   u16 LE length of all, 4 octets, fc ff, u8 kind, 80, …
 *   server   u16 LE length of all, u16, 03 80, 4 zeros, 0a, 00, …
 *   later    u16 LE length of all, u32 LE number, which counts up by one, sealed octets
 *
 * A flow picked up in the middle is also known by three packets whose numbers follow each other.
 */
import { i32le, u16le } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';

const CLIENT = pattern('. . . . . . fc ff . 80');
const SERVER = pattern('. . . . 03 80 00 00 00 00 0a 00');
/** Octets of the first packet: the client's have 24 to 96, the server's some hundred. */
const LEAST = 14;
const MOST = 2048;
const KINDS = 15;

const NUMBER = 2;
/** A number behind which no connection is still new to the gateway that was just started; rules out most others. */
const NUMBER_MOST = 1 << 16;
const IN_A_ROW = 3;
const HEAD = 6;

export const PROBE_LIMIT = 2048;

export function probeViber(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const first = firstPacket(direction, octets);
  return first === Probe.No && midstream ? numbered(octets) : first;
}

function firstPacket(direction: Direction, octets: Uint8Array): Probe {
  const toServer = direction === Direction.ToServer;
  const answer = beginsWith(octets, toServer ? CLIENT : SERVER);
  if (octets.length > 1 && !isLength(u16le(octets, 0))) return Probe.No;
  if (answer !== Probe.Yes || !toServer) return answer;
  return (octets[8] ?? 0) <= KINDS ? Probe.Yes : Probe.No;
}

function isLength(length: number): boolean {
  return length >= LEAST && length <= MOST;
}

function numbered(octets: Uint8Array): Probe {
  const end = octets.length;
  let at = 0;
  let before = -1;
  for (let packet = 1; ; packet++) {
    if (end >= at + 2 && !isLength(u16le(octets, at))) return Probe.No;
    if (end < at + HEAD) return end > 4 && octets[4] !== 0 ? Probe.No : Probe.More;
    const number = i32le(octets, at + NUMBER);
    if (number < 0 || number > NUMBER_MOST || (before >= 0 && number !== before + 1)) {
      return Probe.No;
    }
    if (packet === IN_A_ROW) return Probe.Yes;
    before = number;
    at += u16le(octets, at);
  }
}
