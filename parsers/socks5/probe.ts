/**
 * Is it a SOCKS5 bytestream of XEP-0065? Only its request says so: CONNECT to a "domain" of 40 hex
 * digits, port 0. Any other SOCKS5 connection goes to a host, and is none of ours.
 *
 *   client  05 n method*n                     RFC 1928 §3
 *   client  05 01 00 03 28 HEX*40 00 00       RFC 1928 §4, XEP-0065 §5.3.2
 */
import { Direction, Probe } from '../contract.ts';

/** A greeting with every method and the request behind it. */
export const PROBE_LIMIT = 2 + 255 + 47;
export const REQUEST_LENGTH = 47;
export const TOKEN_AT = 5; // in the request
export const TOKEN_LENGTH = 40;

const VERSION = 5;
const REQUEST_HEAD = [VERSION, 1, 0, 3, TOKEN_LENGTH];

export function probeSocks5(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  if (direction === Direction.ToServer) return probeClient(octets);
  if (octets.length > 0 && octets[0] !== VERSION) return Probe.No;
  if (octets.length > 1 && octets[1] !== 0) return Probe.No; // bytestreams use no authentication
  return octets.length >= PROBE_LIMIT ? Probe.No : Probe.More;
}

function probeClient(octets: Uint8Array): Probe {
  const [version, methods] = octets;
  if (version === undefined) return Probe.More;
  if (version !== VERSION || methods === 0) return Probe.No;
  if (methods === undefined) return Probe.More;
  return probeRequest(octets, 2 + methods);
}

/** The request as far as it is there: Yes only when all of it is. */
export function probeRequest(octets: Uint8Array, at: number): Probe {
  const end = Math.min(octets.length, at + REQUEST_LENGTH);
  for (let i = at; i < end; i++) {
    const k = i - at;
    const c = octets[i] ?? 0;
    if (k < TOKEN_AT) {
      if (c !== REQUEST_HEAD[k]) return Probe.No;
    } else if (k < TOKEN_AT + TOKEN_LENGTH) {
      if (!isHex(c)) return Probe.No;
    } else if (c !== 0) return Probe.No;
  }
  return end - at === REQUEST_LENGTH ? Probe.Yes : Probe.More;
}

/** Lower case says XEP-0065; some clients write capitals. */
function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}
