/** What follows an IP header, by its protocol number; the same numbers in IPv4 and IPv6. */

import { etherIp } from './ether-ip.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

/** https://www.iana.org/assignments/protocol-numbers */
export const Protocol = {
  HopByHop: 0,
  Ipv4: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Routing: 43,
  Fragment: 44,
  Gre: 47,
  Authentication: 51,
  NoNext: 59,
  Destination: 60,
  EtherIp: 97,
  Mobility: 135,
  MplsInIp: 137,
  Hip: 139,
  Shim6: 140,
} as const;

/** Authentication headers of one packet: IPsec nests them twice at most. */
const MAX_AUTHENTICATION = 4;

export function transport(walk: Walk, first: number): Step {
  let protocol = first;
  for (let i = 0; protocol === Protocol.Authentication; i++) {
    if (i === MAX_AUTHENTICATION) return Decoded.TooDeep;
    const { buffer, at } = walk;
    if (walk.end - at < 12) return walk.short();
    const length = ((buffer[at + 1] ?? 0) + 2) << 2; // RFC 4302 §2.2: in words, less 2
    if (length > walk.end - at) return walk.short();
    protocol = buffer[at] ?? 0;
    walk.at = at + length;
  }
  walk.view.transport = protocol;
  switch (protocol) {
    case Protocol.Tcp:
      return Layer.Tcp;
    case Protocol.Udp:
      return Layer.Udp;
    case Protocol.Ipv4:
      return walk.into(Layer.Ipv4, walk.at);
    case Protocol.Ipv6:
      return walk.into(Layer.Ipv6, walk.at);
    case Protocol.Gre:
      return Layer.Gre;
    case Protocol.MplsInIp:
      return Layer.Mpls;
    case Protocol.EtherIp:
      return etherIp(walk);
    default:
      return Decoded.OtherTransport;
  }
}
