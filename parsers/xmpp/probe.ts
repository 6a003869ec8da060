/**
 * Is it XMPP? Only the root's start tag in the streams namespace says so (`<?xml` alone is SOAP,
 * RTSP, NETCONF …), or, picked up in the middle, a stanza with an XMPP namespace inside.
 *
 *   start     = [ BOM ] *S [ '<?xml' … '?>' *S ] '<' [ prefix ':' ] 'stream' … '>'
 *   midstream = *S '<' ( message / presence / iq ) … with to, from, type or id, and a namespace
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { type Direction, Probe } from '../contract.ts';
import { endOfName, isSpace } from '../framing/xml-tag.ts';

/** Octets in which the root's start tag must be complete. */
export const PROBE_LIMIT = 8192;

const STREAMS = ascii('http://etherx.jabber.org/streams');
const DECLARATION = ascii('<?xml');
const STREAM = ascii('stream');
const STANZAS = [ascii('message'), ascii('presence'), ascii('iq')];
const NAMESPACES = [
  ascii('jabber:'),
  ascii('http://jabber.org/protocol/'),
  ascii('urn:xmpp:'),
  ascii('urn:ietf:params:xml:ns:xmpp-'),
];
/** Namespaces of what is no stanza: stream management, SASL, TLS. */
const NONZAS = [ascii('urn:xmpp:sm:'), ascii('urn:ietf:params:xml:ns:xmpp-')];
const ADDRESSES = [ascii('to='), ascii('from='), ascii('type=')];
const LESS = 0x3c;
const GREATER = 0x3e;
const MAX_NONZA = 512; // octets of its start tag
const MAX_PREFIX = 64; // octets of a name before it is certainly none

export function probeXmpp(_direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const end = Math.min(octets.length, PROBE_LIMIT);
  const answer = probeStart(octets, end, midstream);
  return answer === Probe.More && octets.length >= PROBE_LIMIT ? Probe.No : answer;
}

function probeStart(octets: Uint8Array, end: number, midstream: boolean): Probe {
  let at = afterMark(octets, end);
  if (at < 0) return Probe.More;
  at = afterSpace(octets, at, end);
  if (at === end) return Probe.More;
  if (octets[at] !== LESS) return Probe.No;
  if (octets[at + 1] === 0x3f) {
    if (!agrees(octets, at, end, DECLARATION)) return Probe.No;
    at = octets.indexOf(GREATER, at);
    if (at < 0 || at >= end) return Probe.More;
    at = afterSpace(octets, at + 1, end);
    if (at === end) return Probe.More;
    if (octets[at] !== LESS) return Probe.No;
    midstream = false;
  }
  return probeTag(octets, at, end, midstream);
}

function probeTag(octets: Uint8Array, at: number, end: number, midstream: boolean): Probe {
  const nameEnd = endOfName(octets, at + 1, end);
  if (nameEnd === end) return end - at > MAX_PREFIX ? Probe.No : Probe.More;
  const colon = octets.indexOf(0x3a, at);
  const local = colon > 0 && colon < nameEnd ? colon + 1 : at + 1;
  if (nameEnd === local) return Probe.No;
  if (is(octets, local, nameEnd, STREAM)) {
    const close = endOfTag(octets, nameEnd, end);
    if (close === end) return Probe.More;
    return includes(octets, nameEnd, close, STREAMS) ? Probe.Yes : Probe.No;
  }
  return midstream ? probeStanza(octets, at, local, nameEnd, end) : Probe.No;
}

/** A stanza with an address and, in it or in what follows it, a namespace that only XMPP has. */
function probeStanza(
  octets: Uint8Array,
  at: number,
  local: number,
  nameEnd: number,
  end: number,
): Probe {
  const close = endOfTag(octets, nameEnd, end);
  if (!STANZAS.some((s) => is(octets, local, nameEnd, s))) {
    if (close === end) return end - at > MAX_NONZA ? Probe.No : Probe.More;
    return NONZAS.some((n) => includes(octets, nameEnd, close, n)) ? Probe.Yes : Probe.No;
  }
  if (close === end) return Probe.More;
  const addressed = ADDRESSES.some((a) => includes(octets, nameEnd, close, a));
  const bare = octets[close - 1] === 0x2f || nameEnd === close; // `<presence/>`, `<presence>`
  if (!addressed && !(bare && is(octets, local, nameEnd, STANZAS[1] ?? STREAM))) return Probe.No;
  return NAMESPACES.some((n) => includes(octets, at, end, n)) ? Probe.Yes : Probe.More;
}

/** Behind the UTF-8 byte order mark, or -1 when it may still be one. */
function afterMark(octets: Uint8Array, end: number): number {
  if (octets[0] !== 0xef) return 0;
  return end < 3 ? -1 : octets[1] === 0xbb && octets[2] === 0xbf ? 3 : 0;
}

function afterSpace(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(octets[at])) at++;
  return at;
}

/** Where the '>' stands that ends the tag, outside of quotes; `end` when it does not yet. */
function endOfTag(octets: Uint8Array, from: number, end: number): number {
  let quote = 0;
  for (let i = from; i < end; i++) {
    const c = octets[i] ?? 0;
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === 0x22 || c === 0x27) quote = c;
    else if (c === GREATER) return i;
  }
  return end;
}

/** Whether the octets from `at` spell the word, as far as they go. */
function agrees(octets: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  const length = Math.min(word.length, end - at);
  for (let i = 0; i < length; i++) if (octets[at + i] !== word[i]) return false;
  return true;
}

function is(octets: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  return end - start === word.length && startsWith(octets, start, word);
}

function includes(octets: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  const first = word[0] ?? 0;
  for (let i = start; i + word.length <= end; i++)
    if (octets[i] === first && startsWith(octets, i, word)) return true;
  return false;
}
