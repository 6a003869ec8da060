/**
 * Does a connection become a WebSocket? By the head of its first request (RFC 6455 §4.1):
 *
 *   "GET" SP target SP "HTTP/1.1" CRLF … "Upgrade:" … "websocket" … CRLF
 */
import { ascii, spells, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';

/** Octets of a head up to its Upgrade field. */
export const PROBE_LIMIT = 8192;

const GET = ascii('GET ');
const HTTP = ascii('HTTP/1.');
const FIELD = ascii('UPGRADE:');
const WEBSOCKET = ascii('WEBSOCKET');
const LF = 0x0a;
const CR = 0x0d;

export function probeWebSocket(
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
): Probe {
  if (direction === Direction.ToClient) {
    return midstream || !agrees(octets, HTTP) ? Probe.No : Probe.More;
  }
  if (!agrees(octets, GET)) return Probe.No;
  let lf = octets.indexOf(LF);
  if (lf === -1) return undecided(octets);
  if (!endsInVersion(octets, lf)) return Probe.No;
  for (let at = lf + 1; ; at = lf + 1) {
    lf = octets.indexOf(LF, at);
    if (lf === -1) return undecided(octets);
    if (lf - at < 2) return Probe.No; // the empty line
    if (spells(octets, at, at + FIELD.length, FIELD)) return upgrades(octets, at, lf);
  }
}

function undecided(octets: Uint8Array): Probe {
  return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
}

/** The request line ends in `HTTP/1.` and a digit. */
function endsInVersion(octets: Uint8Array, lf: number): boolean {
  const end = octets[lf - 1] === CR ? lf - 1 : lf;
  const at = end - HTTP.length - 1;
  return at > GET.length && startsWith(octets, at, HTTP);
}

function upgrades(octets: Uint8Array, from: number, to: number): Probe {
  for (let at = from + FIELD.length; at + WEBSOCKET.length <= to; at++) {
    if (spells(octets, at, at + WEBSOCKET.length, WEBSOCKET)) return Probe.Yes;
  }
  return Probe.No;
}

/** Spells `word` as far as there are octets. */
function agrees(octets: Uint8Array, word: Uint8Array): boolean {
  const most = Math.min(word.length, octets.length);
  for (let i = 0; i < most; i++) if (octets[i] !== word[i]) return false;
  return true;
}
