/**
 * HTTP CONNECT (RFC 9110 §9.3.6): a head from the client, a head with a 2xx status from the proxy. A
 * refusal (407 asks for a password) is followed by another request in the same connection.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { authorityName } from '../framing/authority.ts';
import { HttpHead } from '../framing/http-head.ts';
import { Part, type TunnelWords } from './tunnel-parser.ts';

const CONNECT = ascii('CONNECT ');
const HTTP = ascii('HTTP/1.');
const TARGET_LIMIT = 300; // characters of host:port; a host name has at most 253 (RFC 1035 §2.3.4)
export const CONNECT_PROBE_LIMIT = CONNECT.length + TARGET_LIMIT + 11;

export function probeConnect(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  if (direction === Direction.ToClient) {
    // The proxy answers: it is the request that tells.
    return isPrefix(octets, HTTP) ? Probe.More : Probe.No;
  }
  if (!isPrefix(octets, CONNECT)) return Probe.No;
  const end = octets.indexOf(0x0a);
  if (end === -1) return octets.length >= CONNECT_PROBE_LIMIT ? Probe.No : Probe.More;
  for (let i = CONNECT.length; i < end; i++) {
    if (octets[i] === 0x20) {
      return i > CONNECT.length && startsWith(octets, i + 1, HTTP) ? Probe.Yes : Probe.No;
    }
  }
  return Probe.No;
}

function isPrefix(octets: Uint8Array, word: Uint8Array): boolean {
  const most = Math.min(octets.length, word.length);
  for (let i = 0; i < most; i++) if (octets[i] !== word[i]) return false;
  return true;
}

export class HttpConnectWords implements TunnelWords {
  readonly #head = new HttpHead();
  label = 'HTTP CONNECT';
  host: string | undefined = undefined;
  refusal = 0;
  /** Octets of the head under way, and of the answer, that hold no end: not looked at again. */
  #askedSeen = 0;
  #answeredSeen = 0;

  client(octets: Uint8Array): number {
    const end = headLength(octets, this.#askedSeen);
    this.#askedSeen = end === 0 ? octets.length : 0;
    if (end === 0) return Part.More;
    const isConnect = this.#head.read(octets, 0, end, true) && this.#head.method === 'CONNECT';
    if (!isConnect) return Part.Broken;
    this.label = `HTTP CONNECT to ${this.#head.target.slice(0, TARGET_LIMIT)}`;
    this.host = authorityName(this.#head.target);
    this.#head.clear();
    return end;
  }

  server(octets: Uint8Array): number {
    const end = headLength(octets, this.#answeredSeen);
    if (end === 0) {
      this.#answeredSeen = octets.length;
      return Part.More;
    }
    if (!this.#head.read(octets, 0, end, false)) return Part.Broken;
    const { status, contentLength, chunked } = this.#head;
    this.#head.clear();
    if (status >= 200 && status < 300) return end;
    const body = status < 200 ? 0 : contentLength;
    if (chunked || body < 0) return Part.Broken;
    this.refusal = end + body;
    if (octets.length < this.refusal) return Part.More;
    this.#answeredSeen = 0;
    return Part.Refused;
  }
}

/** The octets of a head with its empty line, 0 while that is not there; `seen` octets were looked at before. */
function headLength(octets: Uint8Array, seen: number): number {
  for (
    let at = octets.indexOf(0x0a, Math.max(0, seen - 3));
    at !== -1;
    at = octets.indexOf(0x0a, at + 1)
  ) {
    if (octets[at + 1] === 0x0a) return at + 2;
    if (octets[at + 1] === 0x0d && octets[at + 2] === 0x0a) return at + 3;
  }
  return 0;
}
