/**
 * Addresses of an answer as numeric text; undefined for those that no server on another machine has, by which blockers
 * answer: unspecified, loopback, broadcast (RFC 6890 §2.2).
 */
import { u16be } from '../../src/bytes/read.ts';

export function ipv4Text(octets: Uint8Array, at: number): string | undefined {
  const first = octets[at] ?? 0;
  if (first === 0 || first === 127 || first >= 224) return undefined;
  return `${first}.${octets[at + 1] ?? 0}.${octets[at + 2] ?? 0}.${octets[at + 3] ?? 0}`;
}

export function ipv6Text(octets: Uint8Array, at: number): string | undefined {
  const first = u16be(octets, at);
  // Unspecified, loopback and IPv4 inside IPv6 begin with zeros; ff: multicast.
  if (first === 0 || first >= 0xff00) return undefined;
  let text = first.toString(16);
  for (let i = 2; i < 16; i += 2) text += `:${u16be(octets, at + i).toString(16)}`;
  return text;
}
