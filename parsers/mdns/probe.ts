/**
 * Is it presence in multicast DNS (RFC 6762)? The id is 0, the operation a query or an answer, and the
 * first name is one of the link: it ends in `local`. An answer with the record of somebody's presence is a
 * Yes. Any other datagram of multicast DNS wants more: presence may come in a later one of the flow.
 */
import { u16be } from '../../src/bytes/read.ts';
import { ascii, spells } from '../../src/bytes/text.ts';
import { type Direction, Probe } from '../contract.ts';
import { HEADER } from '../framing/dns-message.ts';
import { findsPresence } from './records.ts';

/** Octets of a datagram that are looked at. */
export const PROBE_LIMIT = 65_535;

const LOCAL = ascii('LOCAL');
const ANSWER = 0x8000;
const OPERATION = 0x7800;
const TRUNCATED_OR_CODE = 0x000f;
const MOST = 1024; // records of any kind in a datagram

export function probeMdns(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  if (octets.length === 0) return Probe.More;
  if (octets[0] !== 0 || octets[1] !== 0 || octets.length < HEADER + 7) return Probe.No;
  const flags = u16be(octets, 2);
  if ((flags & (OPERATION | TRUNCATED_OR_CODE)) !== 0) return Probe.No;
  const questions = u16be(octets, 4);
  const answers = u16be(octets, 6);
  if (questions > MOST || answers > MOST || questions + answers === 0) return Probe.No;
  if (!isOfLink(octets, HEADER)) return Probe.No;
  return (flags & ANSWER) !== 0 && findsPresence(octets) ? Probe.Yes : Probe.More;
}

/** The first name has no pointer: nothing stands before it. */
function isOfLink(octets: Uint8Array, from: number): boolean {
  let at = from;
  let last = -1;
  for (let n = 0; n < 64 && at < octets.length; n++) {
    const length = octets[at] ?? 0;
    if (length > 63) return false;
    if (length === 0) return last !== -1 && spells(octets, last + 1, at, LOCAL);
    last = at;
    at += 1 + length;
  }
  return false;
}
