/**
 * The PROXY protocol (haproxy's proxy-protocol.txt): who the client was, before the client's own octets. Load
 * balancers send it, and clients of WhatsApp's proxies may.
 *
 *   1  "PROXY " ("TCP4" | "TCP6" | "UNKNOWN") … CRLF                      at most 107 octets (§2.1)
 *   2  0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a, 20 or 21, family, length:16, that many octets     (§2.2)
 *
 * What is behind it, in both directions, belongs to whatever is inside.
 */
import { find } from '../../src/bytes/find.ts';
import { u16be } from '../../src/bytes/read.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import {
  ANY_PROTOCOL,
  Direction,
  type FlowParser,
  type ParserSink,
  Probe,
  Status,
} from '../contract.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { Part } from './tunnel-parser.ts';

const WORD = ascii('PROXY ');
const FAMILIES = [ascii('TCP4 '), ascii('TCP6 '), ascii('UNKNOWN')];
const LINE_LIMIT = 107; // octets, with its end
const LF = 0x0a;
const SIGNATURE = Uint8Array.of(
  0x0d,
  0x0a,
  0x0d,
  0x0a,
  0x00,
  0x0d,
  0x0a,
  0x51,
  0x55,
  0x49,
  0x54,
  0x0a,
);
const FIXED = 16; // octets of version 2 before what its length counts
const MOST = 1024; // octets of that: addresses and some fields
const LIMIT = 16_384; // octets held
const SELF = 512; // octets of the parser itself: measured, and rounded up
export const PROXY_PROTOCOL_LIMIT = FIXED + MOST;

export function probeProxyProtocol(
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  const length = headerLength(octets);
  return length === Part.Broken ? Probe.No : length === Part.More ? Probe.More : Probe.Yes;
}

/** Of the header, or Part.More, Part.Broken. Other first octets are ruled out at once. */
function headerLength(octets: Uint8Array): number {
  if (agrees(octets, 0, WORD)) {
    if (!FAMILIES.some((family) => agrees(octets, WORD.length, family))) return Part.Broken;
    const lf = find(octets, LF, WORD.length, LINE_LIMIT);
    if (lf !== -1) return lf + 1;
    return octets.length < LINE_LIMIT ? Part.More : Part.Broken;
  }
  if (!agrees(octets, 0, SIGNATURE)) return Part.Broken;
  const command = octets[SIGNATURE.length];
  if (command !== undefined && command !== 0x20 && command !== 0x21) return Part.Broken;
  if (octets.length < FIXED) return Part.More;
  const length = u16be(octets, FIXED - 2);
  if (length > MOST) return Part.Broken;
  return octets.length < FIXED + length ? Part.More : FIXED + length;
}

/** Spells `word` as far as there are octets. */
function agrees(octets: Uint8Array, at: number, word: Uint8Array): boolean {
  if (octets.length >= at + word.length) return startsWith(octets, at, word);
  for (let i = at; i < octets.length; i++) if (octets[i] !== word[i - at]) return false;
  return true;
}

export class ProxyProtocolParser implements FlowParser {
  readonly #hold = new OctetHold();

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (direction === Direction.ToClient || this.#hold.used + octets.length > LIMIT) {
      return Status.Done;
    }
    this.#hold.append(octets, 0, octets.length);
    const held = this.#hold.buffer.subarray(0, this.#hold.used);
    const length = headerLength(held);
    if (length === Part.More) return Status.More;
    if (length < 0) return Status.Done;
    sink.handOver(ANY_PROTOCOL, 'the PROXY protocol', held.subarray(length));
    return Status.HandOver;
  }

  gap(): Status {
    return Status.Done;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return SELF + this.#hold.size;
  }
}
