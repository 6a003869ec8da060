/**
 * Is it Steam's connection manager (chat, friends, store) over TCP? Frames of u32 LE length, 'VT01', octets. The
 * server begins with ChannelEncryptRequest: u32 LE 1303; the client's answer is 1304.
 */
import { i32le } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { beginsWith, pattern } from '../framing/octet-pattern.ts';

const FRAME = pattern(". . 00 00 'VT01' . 05 00 00");
export const PROBE_LIMIT = FRAME.length + 1;

const KIND = 8;
const ENCRYPT_REQUEST = 1303;
const ENCRYPT_RESPONSE = 1304;

export function probeSteam(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  const answer = beginsWith(octets, FRAME);
  if (answer !== Probe.Yes) return answer;
  const kind = direction === Direction.ToClient ? ENCRYPT_REQUEST : ENCRYPT_RESPONSE;
  return i32le(octets, KIND) === kind ? Probe.Yes : Probe.No;
}
