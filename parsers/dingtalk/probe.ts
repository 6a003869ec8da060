/**
 * Is it DingTalk's own transport (LWP)? (nDPI dingtalk.c, ../shared/corpus/encrypted/dingtalk.) A head, then fields of
 * u8 tag, u16 length and value:
 *
 *   10, . , 87 80, 01 0001 00, 02 0002 'dk', 03 0020 and 32 octets
 */
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';

const FIRST = pattern("10 . 87 80 01 00 01 00 02 00 02 'dk' 03 00 20");
export const PROBE_LIMIT = FIRST.length + 1;

export function probeDingTalk(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  return beginsWith(octets, FIRST);
}
