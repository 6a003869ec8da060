/**
 * Is it WeChat's mmtls? Records as in TLS with a version of its own, of which the first is a hello to its last octet
 * (Citizen Lab's notes on mmtls, docs/mmtls-layer; nDPI has none of it):
 *
 *   u8 type (16 handshake, 19 early data), f1 03 or f1 04, u16 length,
 *   u32 length of what follows, u8 01 ClientHello or 02 ServerHello, 03 f1 or 04 f1
 *
 * An alert (15) of 7 octets is what a server answers to a ticket that it does not know.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';

const HELLO = pattern('. f1 . . . 00 00 . . . . f1');
/** More than what decides. */
export const PROBE_LIMIT = 16;

const ALERT = pattern('15 f1 . 00 07 00 00 00 03');
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

export function probeMmtls(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  const first = octets[0] ?? 0x16;
  if (first === 0x15)
    return direction === Direction.ToClient ? beginsWith(octets, ALERT) : Probe.No;
  if (first !== 0x16 && first !== 0x19) return Probe.No;
  const answer = beginsWith(octets, HELLO);
  if (answer !== Probe.Yes) return answer;
  const kind = direction === Direction.ToServer ? CLIENT_HELLO : SERVER_HELLO;
  const isHello =
    isVersion(octets[2]) &&
    i32be(octets, 5) === u16be(octets, 3) - 4 &&
    octets[9] === kind &&
    isVersion(octets[10]);
  return isHello ? Probe.Yes : Probe.No;
}

/** 3 since 2016, 4 in 2023; higher ones may come. */
function isVersion(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 2 && octet <= 15;
}
