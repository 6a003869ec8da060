/** Is it Direct IM? Either side may speak first: "ODC2", a length, type 1, subtype 6. */
import { u16be } from '../../../src/bytes/read.ts';
import { type Direction, Probe } from '../../contract.ts';
import { Begins } from '../rendezvous/peer-headers.ts';
import { ODC_HEADERS } from './odc-header.ts';

export const ODC_PROBE_LIMIT = ODC_HEADERS.signature;

export function probeOdc(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  if (octets.length > 0 && octets[0] !== ODC_HEADERS.first) return Probe.No;
  const begins = ODC_HEADERS.begins(octets, 0, octets.length);
  if (begins !== Begins.Yes) return begins === Begins.No ? Probe.No : Probe.More;
  return u16be(octets, 6) === 1 && u16be(octets, 8) === 6 ? Probe.Yes : Probe.No;
}
