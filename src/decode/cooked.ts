/**
 * Linux "cooked" captures, as `tcpdump -i any` makes them.
 *
 *     SLL   packet type(2) ARPHRD(2) address length(2) address(8) protocol(2)
 *     SLL2  protocol(2) reserved(2) interface(4) ARPHRD(2) packet type(1) address length(1) address(8)
 */
import { u16be } from '../bytes/read.ts';
import { etherType } from './ethernet.ts';
import { Decoded } from './packet-view.ts';
import type { Step, Walk } from './walk.ts';

const ARPHRD_NETLINK = 824;

export function cookedV1(walk: Walk): Step {
  const at = walk.at;
  if (walk.end - at < 16) return walk.short();
  return cooked(walk, u16be(walk.buffer, at + 2), u16be(walk.buffer, at + 14), at + 16);
}

export function cookedV2(walk: Walk): Step {
  const at = walk.at;
  if (walk.end - at < 20) return walk.short();
  return cooked(walk, u16be(walk.buffer, at + 8), u16be(walk.buffer, at), at + 20);
}

function cooked(walk: Walk, hardware: number, protocol: number, at: number): Step {
  walk.at = at;
  // Below 0x600 the protocol is one of Linux's own numbers (802.3, LLC, CAN, …), not an EtherType.
  if (hardware === ARPHRD_NETLINK || protocol < 0x600) return Decoded.NotIp;
  return etherType(walk, protocol);
}
