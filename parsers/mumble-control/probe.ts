/** Is it Mumble's control channel in clear? Version, and behind it what the client signs in with. */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';
import { FIRST_MOST, HEAD } from './frame.ts';

const FIRST = pattern('00 00 00 00 . .');
const SECOND = pattern('00 02 00 00');
export const PROBE_LIMIT = HEAD + FIRST_MOST + SECOND.length + 1;

/** With what a Version can begin: version, release, system, its version, version in 64 bits. */
const FIELDS: readonly number[] = [0x08, 0x12, 0x1a, 0x22, 0x28];

export function probeMumbleControl(
  direction: Direction,
  octets: Uint8Array,
  midstream: boolean,
): Probe {
  if (midstream) return Probe.No;
  const answer = beginsWith(octets, FIRST);
  if (answer !== Probe.Yes) return answer;
  const length = u16be(octets, 4);
  if (length < 2 || length > FIRST_MOST) return Probe.No;
  const field = octets[HEAD];
  if (field !== undefined && !FIELDS.includes(field)) return Probe.No;
  // A server's Version proves nothing that the client does not.
  if (direction === Direction.ToClient) return Probe.More;
  const at = HEAD + length;
  for (let i = 0; i < SECOND.length; i++) {
    if (octets.length <= at + i) return Probe.More;
    if (octets[at + i] !== SECOND[i]) return Probe.No;
  }
  return Probe.Yes;
}
