/**
 * Is it Telegram's obfuscated transport? The client's first 64 octets prove it: deciphered with the key that they
 * hold, they end as a header does. By chance 1 of 1.4 thousand million would.
 *
 * Deciphering is left to those that look random: text, TLS and protocols with small numbers never come so far.
 */
import { Direction, Probe } from '../contract.ts';
import { HEADER, mayBeHeader, readHeader } from '../framing/mtproto-header.ts';

/** Octets of the client; one more than decides. */
export const PROBE_LIMIT = HEADER + 1;

export function probeObfuscated(
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
): Probe {
  if (midstream || direction === Direction.ToClient || !mayBeHeader(octets)) return Probe.No;
  if (octets.length < HEADER) return Probe.More;
  return readHeader(octets) === undefined ? Probe.No : Probe.Yes;
}
