/**
 * Ethernet II and IEEE 802.3 with LLC, and everything else that names its payload by an EtherType.
 *
 *     destination(6) source(6) type(2)                    type > 1500: EtherType
 *     destination(6) source(6) length(2) DSAP SSAP control OUI(3) type(2)      802.3, LLC, SNAP
 *     tag: 0x8100, 0x88a8, 0x9100 (2) control information(2) type(2)           802.1Q, 802.1ad
 */
import { u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

const EtherType = {
  Ipv4: 0x0800,
  Bridging: 0x6558,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  Ppp: 0x880b,
  Mpls: 0x8847,
  MplsUpstream: 0x8848,
  PppoeSession: 0x8864,
  ServiceVlan: 0x88a8,
  OldServiceVlan: 0x9100,
} as const;

const HEADER = 14;
const MAX_LENGTH = 1500; // larger values of the type field are EtherTypes (IEEE 802.3 §3.2.6)

export function isVlan(type: number): boolean {
  return (
    type === EtherType.Vlan || type === EtherType.ServiceVlan || type === EtherType.OldServiceVlan
  );
}

export function ethernet(walk: Walk): Step {
  const at = walk.at;
  if (walk.end - at < HEADER) return walk.short();
  walk.at = at + HEADER;
  return etherType(walk, u16be(walk.buffer, at + 12));
}

/** What a payload of that type at `walk.at` is; passes VLAN tags. */
export function etherType(walk: Walk, first: number): Step {
  let type = first;
  if (type === EtherType.Ipv4) return Layer.Ipv4;
  while (isVlan(type)) {
    const at = walk.at;
    if (walk.end - at < 4) return walk.short();
    const vlan = u16be(walk.buffer, at) & 0xfff;
    // VLAN 0 is a priority without a VLAN (IEEE 802.1Q §6.9).
    if (walk.depth === 0 && vlan !== 0) walk.view.vlan = vlan;
    type = u16be(walk.buffer, at + 2);
    walk.at = at + 4;
  }
  switch (type) {
    case EtherType.Ipv4:
      return Layer.Ipv4;
    case EtherType.Ipv6:
      return Layer.Ipv6;
    case EtherType.Mpls:
    case EtherType.MplsUpstream:
      return Layer.Mpls;
    case EtherType.PppoeSession:
      return Layer.Pppoe;
    case EtherType.Ppp:
      return walk.into(Layer.Ppp, walk.at);
    case EtherType.Bridging:
      return walk.into(Layer.Ethernet, walk.at);
    default:
      return type <= MAX_LENGTH ? llc(walk, type) : Decoded.NotIp;
  }
}

function llc(walk: Walk, length: number): Step {
  const { buffer, at } = walk;
  if (walk.end - at < 3) return walk.short();
  if (at + length < walk.end) {
    walk.end = at + length; // the rest is padding
    walk.missing = 0;
  }
  if (walk.end - at < 3) return Decoded.Malformed;
  const service = u16be(buffer, at);
  if (service === 0x0606) {
    walk.at = at + 3; // IP straight on LLC (RFC 948)
    return Layer.Ipv4;
  }
  if (service !== 0xaaaa || buffer[at + 2] !== 3) return Decoded.NotIp;
  if (walk.end - at < 8) return walk.short();
  // SNAP with an organisation of its own is not ours; 00-00-00 and 00-00-F8 carry EtherTypes.
  const organisation = u16be(buffer, at + 3) * 256 + (buffer[at + 5] ?? 0);
  if (organisation !== 0 && organisation !== 0xf8) return Decoded.NotIp;
  const type = u16be(buffer, at + 6);
  walk.at = at + 8;
  return type > MAX_LENGTH ? etherType(walk, type) : Decoded.NotIp;
}
