/** Is it a rendezvous proxy? The client's create or join, or the server's answer, in ten octets. */
import { i32be, u16be } from '../../../src/bytes/read.ts';
import { Direction, Probe } from '../../contract.ts';
import { frameLength, PROXY_HEAD, ProxyType, VERSION } from './proxy-frame.ts';
import { FRAME_MOST } from './proxy-limits.ts';

export const PROXY_PROBE_LIMIT = PROXY_HEAD;

/** Octets of the shortest frame of each type, the two of its length included. */
const LEAST: Readonly<Record<number, number>> = {
  [ProxyType.Error]: 14,
  [ProxyType.Create]: 22,
  [ProxyType.Created]: 18,
  [ProxyType.Join]: 24,
  [ProxyType.Ready]: 12,
};

export function probeProxy(direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  const there = octets.length;
  if (there > 0 && (octets[0] ?? 0) >= FRAME_MOST >> 8) return Probe.No;
  if (there > 2 && octets[2] !== VERSION >> 8) return Probe.No;
  if (there > 3 && octets[3] !== (VERSION & 0xff)) return Probe.No;
  if (there < PROXY_HEAD) return Probe.More;
  const type = u16be(octets, 4);
  const ofClient = type === ProxyType.Create || type === ProxyType.Join;
  const least = LEAST[type];
  if (least === undefined || frameLength(octets, 0) < least) return Probe.No;
  if (ofClient !== (direction === Direction.ToServer) || i32be(octets, 6) !== 0) return Probe.No;
  return Probe.Yes;
}
