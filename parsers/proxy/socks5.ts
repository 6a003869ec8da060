/**
 * SOCKS5 to a host (RFC 1928, passwords RFC 1929):
 *
 *   client  05 n method*n  [01 n user n password]  05 command 00 address port
 *   server  05 method      [01 status]             05 status 00 address port [again, for BIND]
 *   address: 01 and 4 octets, 03 and a length and a name, 04 and 16 octets
 *
 * A request for a "host" of 40 hex digits and port 0 is a bytestream of XMPP: parsers/socks5.
 */
import { hostName } from '../../src/bytes/host-name.ts';
import { u16be } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { Part, type TunnelWords } from './tunnel-parser.ts';

const VERSION = 5;
const PASSWORD = 2; // method
const NAME = 3; // address type
const TOKEN_LENGTH = 40; // characters of a bytestream's name
export const SOCKS5_PROBE_LIMIT = 2 + 255 + 3 + 255 + 255 + 262;

export function probeSocks5Proxy(
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
): Probe {
  if (midstream) return Probe.No;
  if (direction === Direction.ToClient) {
    if (octets.length > 0 && octets[0] !== VERSION) return Probe.No;
    const [, method] = octets;
    if (method !== undefined && method !== 0 && method !== PASSWORD) return Probe.No;
    return octets.length >= SOCKS5_PROBE_LIMIT ? Probe.No : Probe.More;
  }
  const request = requestAt(octets);
  if (request < 0) return Probe.No;
  const length = request === 0 ? Part.More : addressedLength(octets, request);
  if (length === Part.Broken) return Probe.No;
  if (length === Part.More) return Probe.More;
  const port = u16be(octets, length - 2);
  const isBytestream =
    octets[request + 3] === NAME && octets[request + 4] === TOKEN_LENGTH && port === 0;
  return isBytestream ? Probe.No : Probe.Yes;
}

/** Where the client's request begins: 0 while that cannot be seen, -1 where there is none. */
function requestAt(octets: Uint8Array): number {
  const [version, methods] = octets;
  if (version === undefined) return 0;
  if (version !== VERSION || methods === 0) return -1;
  if (methods === undefined) return 0;
  const at = 2 + methods;
  for (let i = 2; i < Math.min(at, octets.length); i++) {
    // IANA: methods up to 0x09 are assigned, 0x80 and above are private.
    const method = octets[i] ?? 0;
    if (method > 9 && method < 0x80) return -1;
  }
  if (octets.length <= at) return 0;
  if (octets[at] === VERSION) return at;
  if (octets[at] !== 1) return -1;
  const user = octets[at + 1];
  if (user === undefined) return 0;
  const password = octets[at + 2 + user];
  if (password === undefined) return 0;
  const after = at + 3 + user + password;
  if (octets.length <= after) return 0;
  return octets[after] === VERSION ? after : -1;
}

/** End of `05 word 00 address port` at `at`: Part.More until it is there, Part.Broken where it is none. */
function addressedLength(octets: Uint8Array, at: number): number {
  const [version, word, reserved, type, first] = octets.subarray(at, at + 5);
  if (version !== undefined && version !== VERSION) return Part.Broken;
  if (word !== undefined && word > 9) return Part.Broken;
  if (reserved !== undefined && reserved !== 0) return Part.Broken;
  if (type === undefined || first === undefined) return Part.More;
  const address = type === 1 ? 4 : type === 4 ? 16 : type === NAME ? 1 + first : -1;
  if (address < 0) return Part.Broken;
  const end = at + 4 + address + 2;
  return octets.length < end ? Part.More : end;
}

export class Socks5ProxyWords implements TunnelWords {
  label = 'SOCKS5';
  host: string | undefined = undefined;
  readonly refusal = 0;
  #answers = 1;

  client(octets: Uint8Array): number {
    const at = requestAt(octets);
    if (at < 0) return Part.Broken;
    if (at === 0) return Part.More;
    const end = addressedLength(octets, at);
    if (end <= 0) return end;
    if (octets[at + 1] !== 1 && octets[at + 1] !== 2) return Part.Broken; // UDP goes elsewhere
    this.#answers = octets[at + 1] === 2 ? 2 : 1;
    this.host =
      octets[at + 3] === NAME
        ? hostName(octets, at + 5, at + 5 + (octets[at + 4] ?? 0))
        : undefined;
    this.label = `SOCKS5 to ${hostOf(octets, at)}:${u16be(octets, end - 2)}`;
    return end;
  }

  server(octets: Uint8Array): number {
    if (octets.length > 0 && octets[0] !== VERSION) return Part.Broken;
    let at = 2;
    if (octets[1] === PASSWORD) {
      if (octets.length > 3 && octets[3] !== 0) return Part.Broken;
      at = 4;
    }
    for (let answer = 0; answer < this.#answers; answer++) {
      if (octets.length <= at + 1) return Part.More;
      if (octets[at + 1] !== 0) return Part.Broken;
      const end = addressedLength(octets, at);
      if (end <= 0) return end;
      at = end;
    }
    return at;
  }
}

function hostOf(octets: Uint8Array, request: number): string {
  const type = octets[request + 3];
  if (type === NAME) {
    return utf8(octets, request + 5, request + 5 + (octets[request + 4] ?? 0));
  }
  if (type === 1) return octets.subarray(request + 4, request + 8).join('.');
  const groups: string[] = [];
  for (let i = 0; i < 8; i++) groups.push(u16be(octets, request + 4 + 2 * i).toString(16));
  return `[${groups.join(':')}]`;
}
