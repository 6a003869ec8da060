/**
 * Request lines that only Yahoo! clients send (dossier §7), in origin form or as to a proxy:
 *
 *   POST /notifyft                            upload, YMSG 14 and older
 *   POST|GET|HEAD /relay?token=…&recver=…     relay, YMSG 15 and later
 *   POST /notify of a host at msg.yahoo.com   the pager inside HTTP
 *
 * Servers' answers look like any other's: they say nothing.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';

/** Octets of a direction that are looked at: a request line, and a head as far as its Host. */
export const HTTP_PROBE_LIMIT = 2048;

const METHODS = [ascii('POST '), ascii('GET '), ascii('HEAD ')];
const POST = METHODS[0] ?? new Uint8Array(0);
const ABSOLUTE = ascii('http://');
const UPLOAD = ascii('/notifyft');
const TUNNEL = ascii('/notify');
const RELAY = ascii('/relay?token=');
const RECEIVER = ascii('&recver=');
const ANSWER = ascii('HTTP/1.');
const YAHOO = ascii('.msg.yahoo.com');
const HOST = ascii('\nHost:');
const LF = 0x0a;
const SPACE = 0x20;
const SLASH = 0x2f;
const LONGEST_HOST = 255;

export function probeYmsgHttp(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (direction === Direction.ToClient) {
    return midstream || !agrees(octets, 0, ANSWER) ? Probe.No : Probe.More;
  }
  const first = octets[0];
  if (first !== 0x50 && first !== 0x47 && first !== 0x48) {
    return first === undefined ? Probe.More : Probe.No;
  }
  for (const method of METHODS) {
    if (agrees(octets, 0, method)) return target(octets, method.length, method === POST);
  }
  return Probe.No;
}

/** May begin a request that fetches or brings a file. */
export function beginsRequest(octets: Uint8Array): boolean {
  for (const method of METHODS) {
    if (!agrees(octets, 0, method)) continue;
    const first = octets[method.length];
    return first === undefined || first === SLASH || first === ABSOLUTE[0];
  }
  return false;
}

function target(octets: Uint8Array, from: number, posts: boolean): Probe {
  if (octets.length <= from) return Probe.More;
  let at = from;
  let host = -1;
  if (octets[at] !== SLASH) {
    if (!agrees(octets, at, ABSOLUTE)) return Probe.No;
    host = at + ABSOLUTE.length;
    at = host;
    while (at < octets.length && octets[at] !== SLASH) {
      if (at - host > LONGEST_HOST || (octets[at] ?? 0) <= SPACE) return Probe.No;
      at += 1;
    }
    if (at >= octets.length) return Probe.More;
  }
  if (agrees(octets, at, RELAY)) return relay(octets, at + RELAY.length);
  if (!posts || !agrees(octets, at, TUNNEL)) return Probe.No;
  if (agrees(octets, at, UPLOAD)) return upload(octets, at);
  return tunnel(octets, at, host);
}

/** The receiver stands in the same line. */
function relay(octets: Uint8Array, from: number): Probe {
  for (let at = from; at < octets.length; at++) {
    if ((octets[at] ?? 0) <= SPACE) return Probe.No;
    if (startsWith(octets, at, RECEIVER)) return Probe.Yes;
  }
  return Probe.More;
}

function upload(octets: Uint8Array, at: number): Probe {
  const behind = octets[at + UPLOAD.length];
  if (behind === undefined) return Probe.More;
  return behind === SPACE || behind === 0x3f ? Probe.Yes : Probe.No;
}

/** `/notify` or `/notify/` of a host that is Yahoo!'s: in the line, or in the Host field. */
function tunnel(octets: Uint8Array, at: number, host: number): Probe {
  let end = at + TUNNEL.length;
  if (octets[end] === SLASH) end += 1;
  const behind = octets[end];
  if (behind === undefined) return Probe.More;
  if (behind !== SPACE && behind !== 0x3f) return Probe.No;
  if (host !== -1) return has(octets, host, at, YAHOO) ? Probe.Yes : Probe.No;
  for (let i = end; i < octets.length; i++) {
    if (octets[i] !== LF) continue;
    if (startsWith(octets, i, HOST)) {
      const stop = octets.indexOf(LF, i + 1);
      if (stop === -1) return Probe.More;
      return has(octets, i, stop, YAHOO) ? Probe.Yes : Probe.No;
    }
    if (octets[i + 1] === 0x0d || octets[i + 1] === LF) return Probe.No;
  }
  return Probe.More;
}

/** Spells `word` as far as it goes. */
function agrees(octets: Uint8Array, at: number, word: Uint8Array): boolean {
  const most = Math.min(word.length, octets.length - at);
  for (let i = 0; i < most; i++) if (octets[at + i] !== word[i]) return false;
  return true;
}

function has(octets: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  for (let at = from; at + word.length <= to; at++) if (startsWith(octets, at, word)) return true;
  return false;
}
