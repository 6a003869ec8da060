/**
 * Is it QQ? Every packet begins with 02 and ends with 03; between them a version and a command that
 * are known, and a number that can be somebody's. Over TCP its length stands before it.
 *
 * A datagram is whole. Of a stream the first packet must be whole and its length right.
 */
import { u16be } from '../../src/bytes/read.ts';
import { type Direction, Probe } from '../contract.ts';
import { FIRST_OCTET, HEADER, isCertainHeader, LAST_OCTET, SHORTEST } from './header.ts';

/** Octets of a direction that are looked at: no packet that begins a connection is longer. */
export const PROBE_LIMIT = 2048;

/** Octets of the length before a packet over TCP, which counts itself. */
const LENGTH = 2;

export function probeOicq(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  if (octets.length === 0) return Probe.More;
  if (octets[0] !== FIRST_OCTET || octets.length < SHORTEST) return Probe.No;
  const ends = octets[octets.length - 1] === LAST_OCTET;
  return ends && isCertainHeader(octets, 0) ? Probe.Yes : Probe.No;
}

export function probeOicqStream(
  _direction: Direction,
  octets: Uint8Array,
  _midstream: boolean,
): Probe {
  if (octets.length > LENGTH && octets[LENGTH] !== FIRST_OCTET) return Probe.No;
  if (octets.length < LENGTH)
    return octets.length === 1 && (octets[0] ?? 0) > 7 ? Probe.No : Probe.More;
  const length = u16be(octets, 0);
  if (length < LENGTH + SHORTEST || length >= PROBE_LIMIT) return Probe.No;
  if (octets.length >= LENGTH + HEADER && !isCertainHeader(octets, LENGTH)) return Probe.No;
  if (octets.length < length) return Probe.More;
  return octets[length - 1] === LAST_OCTET ? Probe.Yes : Probe.No;
}
