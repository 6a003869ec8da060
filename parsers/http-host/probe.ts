/**
 * Is it HTTP/1? By the first request line (RFC 9112 §3):
 *
 *   method SP target SP "HTTP/1." digit
 *
 * in origin form, in absolute form as to a proxy, or `*`. CONNECT is a tunnel's: parsers/proxy. What a server
 * answers says nothing of whose it is.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';

/** Octets of a request line; servers take as much (RFC 9112 §3 asks for 8000). */
export const PROBE_LIMIT = 8192;

const METHODS = [
  'GET ',
  'POST ',
  'HEAD ',
  'PUT ',
  'OPTIONS ',
  'DELETE ',
  'PATCH ',
  'PROPFIND ',
  'REPORT ',
].map(ascii);
const ABSOLUTE = ascii('http');
const VERSION = ascii('HTTP/1.');
const SPACE = 0x20;
const SLASH = 0x2f;
const ASTERISK = 0x2a;

export function probeHttp(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (direction === Direction.ToClient) {
    return midstream || !agrees(octets, 0, VERSION) ? Probe.No : Probe.More;
  }
  for (const method of METHODS) {
    if (agrees(octets, 0, method)) return requestLine(octets, method.length);
  }
  return Probe.No;
}

function requestLine(octets: Uint8Array, target: number): Probe {
  const first = octets[target];
  if (first === undefined) return Probe.More;
  if (first !== SLASH && first !== ASTERISK && !agrees(octets, target, ABSOLUTE)) return Probe.No;
  for (let at = target + 1; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet < SPACE || octet === 0x7f) return Probe.No;
    if (octet !== SPACE) continue;
    if (startsWith(octets, at + 1, VERSION)) return Probe.Yes;
    return agrees(octets, at + 1, VERSION) ? Probe.More : Probe.No;
  }
  return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
}

/** Spells `word` as far as there are octets. */
function agrees(octets: Uint8Array, at: number, word: Uint8Array): boolean {
  const most = Math.min(word.length, octets.length - at);
  for (let i = 0; i < most; i++) if (octets[at + i] !== word[i]) return false;
  return true;
}
