/**
 * Is it a lookup? A datagram is exactly one question to the server or one answer to the client. A stream begins with
 * the length of one (RFC 1035 §4.2.2): a question must be there whole, of an answer its own question.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { HEADER } from '../framing/dns-message.ts';
import { ANSWER, isLookup, questionEnd } from './form.ts';

/** Octets of a datagram that are looked at. */
export const PROBE_LIMIT = 65_535;
/** Of a stream: a question with the longest name, and EDNS with cookies and padding. */
export const STREAM_PROBE_LIMIT = 1024;

const SHORTEST = HEADER + 5;

export function probeDns(direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  if (octets.length === 0) return Probe.More;
  if (octets.length < SHORTEST || !goesTo(direction, octets, 0)) return Probe.No;
  return isLookup(octets) ? Probe.Yes : Probe.No;
}

export function probeDnsStream(
  direction: Direction,
  octets: Uint8Array,
  _midstream: boolean,
): Probe {
  const { length } = octets;
  const toServer = direction === Direction.ToServer;
  if (length > 0 && toServer && (octets[0] ?? 0) > 2) return Probe.No;
  if (length < 2) return Probe.More;
  const size = u16be(octets, 0);
  if (size < SHORTEST || (toServer && size > STREAM_PROBE_LIMIT - 2)) return Probe.No;
  if (length > 4 && !goesTo(direction, octets, 2)) return Probe.No;
  const message = octets.subarray(2, Math.min(length, 2 + size));
  const end = questionEnd(message);
  if (end < 0) return Probe.No;
  if (!toServer) return end > 0 ? Probe.Yes : Probe.More;
  if (message.length < size) return Probe.More;
  return isLookup(message) ? Probe.Yes : Probe.No;
}

function goesTo(direction: Direction, octets: Uint8Array, at: number): boolean {
  return ((u16be(octets, at + 2) & ANSWER) !== 0) === (direction === Direction.ToClient);
}
