/**
 * SOCKS4 and 4a:
 *
 *   client  04 command port:2 address:4 user-id 00 [host 00, where the address is 0.0.0.x]
 *   server  00 5a port:2 address:4, 5b to 5d: refused
 *
 * Command 1 connects, 2 waits for a connection (a second answer follows it).
 */
import { hostName } from '../../src/bytes/host-name.ts';
import { u16be } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { Part, type TunnelWords } from './tunnel-parser.ts';

const FIXED = 8; // octets before the user id, and of an answer
const TEXT_LIMIT = 255; // octets of the user id, and of the host
export const SOCKS4_PROBE_LIMIT = FIXED + 2 * (TEXT_LIMIT + 1);
const GRANTED = 0x5a;

export function probeSocks4(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  if (direction === Direction.ToClient) {
    if (octets.length > 0 && octets[0] !== 0) return Probe.No;
    if (octets.length > 1 && (octets[1] ?? 0) >> 2 !== GRANTED >> 2) return Probe.No;
    return octets.length > FIXED ? Probe.No : Probe.More;
  }
  const length = requestLength(octets);
  return length === Part.Broken ? Probe.No : length === Part.More ? Probe.More : Probe.Yes;
}

/** Length of the request, or Part.More, Part.Broken. Other first octets are ruled out at once. */
function requestLength(octets: Uint8Array): number {
  const [version, command] = octets;
  if (version === undefined) return Part.More;
  if (version !== 4 || (command !== undefined && command !== 1 && command !== 2))
    return Part.Broken;
  if (octets.length < FIXED + 1) return Part.More;
  if (u16be(octets, 2) === 0) return Part.Broken;
  const user = textEnd(octets, FIXED);
  if (user <= 0) return user;
  const isNamed = octets[4] === 0 && octets[5] === 0 && octets[6] === 0 && octets[7] !== 0;
  return isNamed ? textEnd(octets, user) : user;
}

/** Behind the NUL of the text at `at`; a text that is not printable is none. */
function textEnd(octets: Uint8Array, at: number): number {
  for (let i = at; i < octets.length; i++) {
    const octet = octets[i] ?? 0;
    if (octet === 0) return i + 1;
    if (octet < 0x20 || octet === 0x7f || i - at >= TEXT_LIMIT) return Part.Broken;
  }
  return Part.More;
}

export class Socks4Words implements TunnelWords {
  label = 'SOCKS4';
  host: string | undefined = undefined;
  readonly refusal = 0;
  #answers = 1;

  client(octets: Uint8Array): number {
    const length = requestLength(octets);
    if (length <= 0) return length;
    const user = textEnd(octets, FIXED);
    const isNamed = length > user;
    const host = isNamed
      ? utf8(octets, user, length - 1)
      : `${octets[4]}.${octets[5]}.${octets[6]}.${octets[7]}`;
    this.#answers = octets[1] === 2 ? 2 : 1;
    this.host = isNamed ? hostName(octets, user, length - 1) : undefined;
    this.label = `SOCKS4 to ${host}:${u16be(octets, 2)}`;
    return length;
  }

  server(octets: Uint8Array): number {
    for (let answer = 0; answer < this.#answers; answer++) {
      const at = answer * FIXED;
      if (octets.length > at && octets[at] !== 0) return Part.Broken;
      if (octets.length > at + 1 && octets[at + 1] !== GRANTED) return Part.Broken;
    }
    return octets.length < FIXED * this.#answers ? Part.More : FIXED * this.#answers;
  }
}
