/**
 * Is it OFT? Whoever sends the file speaks first, whichever side that is: a header with a length and a
 * type that exist, in the first eight octets. Picked up in the middle, only a header shows it.
 */
import { u16be } from '../../../src/bytes/read.ts';
import { type Direction, Probe } from '../../contract.ts';
import { Begins } from '../rendezvous/peer-headers.ts';
import { isKnownType, OFT_HEADERS } from './oft-header.ts';

export const OFT_PROBE_LIMIT = OFT_HEADERS.signature;

export function probeOft(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  if (octets.length > 0 && octets[0] !== OFT_HEADERS.first) return Probe.No;
  const begins = OFT_HEADERS.begins(octets, 0, octets.length);
  if (begins !== Begins.Yes) return begins === Begins.No ? Probe.No : Probe.More;
  return isKnownType(u16be(octets, 6)) ? Probe.Yes : Probe.No;
}
