/**
 * Whether octets can be the packet that a tunnel would carry. Where nothing but a port number or a
 * guess says that there is a tunnel, the inner header must prove it.
 */
import { u16be } from '../bytes/read.ts';
import { isVlan } from './ethernet.ts';
import type { Walk } from './walk.ts';

/** An IP header at `at` whose lengths agree with what is left. */
export function looksLikeIp(walk: Walk, at: number): boolean {
  const { buffer } = walk;
  const room = walk.end - at;
  const wire = room + walk.missing;
  const first = buffer[at] ?? 0;
  if (first >>> 4 === 4) {
    if (room < 20) return false;
    const header = (first & 15) * 4;
    const total = u16be(buffer, at + 2);
    return header >= 20 && total >= header && total <= wire;
  }
  if (first >>> 4 === 6) return room >= 40 && u16be(buffer, at + 4) + 40 <= wire;
  return false;
}

/** An Ethernet header at `at`, perhaps with VLAN tags, and an IP packet in it. */
export function looksLikeEthernet(walk: Walk, at: number): boolean {
  const { buffer, end } = walk;
  if (end - at < 14) return false;
  let type = u16be(buffer, at + 12);
  let payload = at + 14;
  while (isVlan(type) && end - payload >= 4) {
    type = u16be(buffer, payload + 2);
    payload += 4;
  }
  if (type !== 0x0800 && type !== 0x86dd) return false;
  return looksLikeIp(walk, payload);
}
