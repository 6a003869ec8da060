/**
 * Is it WeChat's mmtls? Records as in TLS with a version of its own, of which the first is a hello to its last octet
 * (Citizen Lab's notes on mmtls, docs/mmtls-layer; nDPI has none of it):
 *
 *   u8 type (16 handshake, 19 early data), f1 03 or f1 04, u16 length,
 *   u32 length of what follows, u8 01 ClientHello or 02 ServerHello, 03 f1 or 04 f1
 *
 * or the short link, a request of HTTP: `POST /mmtls/`, eight hex digits, ` HTTP/1.`. An alert (15) with its own
 * length 3 is what a server answers to a ticket it does not know.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';

/** Octets that decide: of the request line. */
export const PROBE_LIMIT = 64;

const HELLO = pattern('. f1 . . . 00 00 . . . . f1');
const ALERT = pattern('15 f1 . 00 07 00 00 00 03');
const SHORT_LINK = pattern("'POST /mmtls/' . . . . . . . . ' HTTP/1.'");
const DIGITS = 12; // where they stand
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

export function probeLongLink(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
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

export function probeShortLink(
  direction: Direction,
  octets: Uint8Array,
  _midstream: boolean,
): Probe {
  if (direction === Direction.ToClient) return Probe.No;
  for (let at = DIGITS; at < Math.min(DIGITS + 8, octets.length); at++) {
    const octet = octets[at] ?? 0;
    const isHex = (octet >= 0x30 && octet <= 0x39) || (octet >= 0x61 && octet <= 0x66);
    if (!isHex) return Probe.No;
  }
  return beginsWith(octets, SHORT_LINK);
}
