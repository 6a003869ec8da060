/**
 * PPP (RFC 1661, 1662), Cisco HDLC, and PPP over Ethernet (RFC 2516).
 *
 *     PPP         [0xff 0x03] protocol(1 or 2: an odd first octet is the whole)
 *     Cisco HDLC  address 0x0f or 0x8f, control 0, EtherType(2)
 *     PPPoE       version and type 0x11, code 0, session(2) length(2), PPP
 */
import { u16be } from '../bytes/read.ts';
import { etherType } from './ethernet.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

const Protocol = { Ipv4: 0x21, Ipv6: 0x57, Mpls: 0x281, MplsUpstream: 0x283 } as const;

export function ppp(walk: Walk): Step {
  const { buffer } = walk;
  let at = walk.at;
  if (walk.end - at < 1) return walk.short();
  if (walk.end - at >= 2 && u16be(buffer, at) === 0xff03) at += 2;
  if (walk.end - at < 1) return walk.short();
  let protocol = buffer[at++] ?? 0;
  if ((protocol & 1) === 0) {
    if (walk.end - at < 1) return walk.short();
    protocol = (protocol << 8) | (buffer[at++] ?? 0);
  }
  walk.at = at;
  switch (protocol) {
    case Protocol.Ipv4:
      return Layer.Ipv4;
    case Protocol.Ipv6:
      return Layer.Ipv6;
    case Protocol.Mpls:
    case Protocol.MplsUpstream:
      return Layer.Mpls;
    default:
      return Decoded.NotIp;
  }
}

export function hdlc(walk: Walk): Step {
  const { buffer, at } = walk;
  if (walk.end - at < 4) return walk.short();
  const address = buffer[at];
  if ((address === 0x0f || address === 0x8f) && buffer[at + 1] === 0) {
    walk.at = at + 4;
    return etherType(walk, u16be(buffer, at + 2));
  }
  return ppp(walk);
}

export function pppoe(walk: Walk): Step {
  const { buffer, at } = walk;
  if (walk.end - at < 6) return walk.short();
  if (u16be(buffer, at) !== 0x1100) return Decoded.Malformed;
  const end = at + 6 + u16be(buffer, at + 4);
  if (end <= walk.end) {
    walk.end = end; // the rest is padding
    walk.missing = 0;
  }
  return walk.into(Layer.Ppp, at + 6);
}
