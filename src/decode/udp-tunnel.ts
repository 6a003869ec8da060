/**
 * Tunnels over UDP, by their port and only where the inner header proves it; else it is plain UDP.
 *
 *     VXLAN   RFC 7348: flags 0x08(1) reserved(3) network(3) reserved(1) Ethernet
 *     GENEVE  RFC 8926: version(2 bits) option length(6 bits, words) flags(1) protocol(2) network(3) reserved(1)
 *     GTP-U   3GPP TS 29.281: version 1, protocol type, E S PN(1) type 255(1) length(2) TEID(4)
 *             [sequence(2) N-PDU(1) next extension(1)] extensions: length(1, words) … next(1); IP
 *     Teredo  RFC 4380: [0x0001 client(1) authentication(1) … 9] [0x0000 origin 8] IPv6
 */
import { u16be } from '../bytes/read.ts';
import { looksLikeEthernet, looksLikeIp } from './inner.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

const GTP_U = 2152;
const TEREDO = 3544;
const VXLAN = 4789;
const VXLAN_OLD = 8472; // Linux before the assignment
const GENEVE = 6081;

/** GTP-U extension headers of one packet. */
const MAX_EXTENSIONS = 8;

/** Decoded.Udp if it is not a tunnel. The payload is buffer[at, walk.end). */
export function udpTunnel(walk: Walk, source: number, destination: number, at: number): Step {
  // The replies of some tunnels come from the port, not to it.
  switch (destination) {
    case VXLAN:
    case VXLAN_OLD:
      return vxlan(walk, at);
    case GENEVE:
      return geneve(walk, at);
    case GTP_U:
      return gtpU(walk, at);
    case TEREDO:
      return teredo(walk, at);
  }
  if (source === GTP_U) return gtpU(walk, at);
  if (source === TEREDO) return teredo(walk, at);
  return Decoded.Udp;
}

function vxlan(walk: Walk, at: number): Step {
  const { buffer } = walk;
  if (walk.end - at < 8 || buffer[at] !== 0x08 || buffer[at + 7] !== 0) return Decoded.Udp;
  return looksLikeEthernet(walk, at + 8) ? walk.into(Layer.Ethernet, at + 8) : Decoded.Udp;
}

function geneve(walk: Walk, at: number): Step {
  const { buffer } = walk;
  if (walk.end - at < 8) return Decoded.Udp;
  const first = buffer[at] ?? 0;
  const inner = at + 8 + ((first & 0x3f) << 2);
  if (first >>> 6 !== 0 || inner > walk.end) return Decoded.Udp;
  const protocol = u16be(buffer, at + 2);
  if (protocol === 0x6558 && looksLikeEthernet(walk, inner)) {
    return walk.into(Layer.Ethernet, inner);
  }
  if ((protocol === 0x0800 || protocol === 0x86dd) && looksLikeIp(walk, inner)) {
    return walk.into(Layer.Ip, inner);
  }
  return Decoded.Udp;
}

function gtpU(walk: Walk, at: number): Step {
  const { buffer, end } = walk;
  if (end - at < 8 || buffer[at + 1] !== 255) return Decoded.Udp;
  const flags = buffer[at] ?? 0;
  if (flags >>> 4 !== 3) return Decoded.Udp; // version 1, GTP and not GTP'
  if (u16be(buffer, at + 2) + 8 > end - at + walk.missing) return Decoded.Udp;
  let inner = at + 8;
  if ((flags & 7) !== 0) {
    inner += 4;
    let next = (flags & 4) !== 0 ? (buffer[inner - 1] ?? 0) : 0;
    for (let i = 0; next !== 0; i++) {
      const length = (buffer[inner] ?? 0) << 2;
      if (i === MAX_EXTENSIONS || length === 0 || length > end - inner) return Decoded.Udp;
      inner += length;
      next = buffer[inner - 1] ?? 0;
    }
  }
  return inner < end && looksLikeIp(walk, inner) ? walk.into(Layer.Ip, inner) : Decoded.Udp;
}

function teredo(walk: Walk, at: number): Step {
  const { buffer, end } = walk;
  let inner = at;
  if (end - inner >= 4 && u16be(buffer, inner) === 1) {
    inner += 13 + (buffer[inner + 2] ?? 0) + (buffer[inner + 3] ?? 0);
  }
  if (end - inner >= 8 && u16be(buffer, inner) === 0) inner += 8;
  if (end - inner < 40 || (buffer[inner] ?? 0) >>> 4 !== 6) return Decoded.Udp;
  return looksLikeIp(walk, inner) ? walk.into(Layer.Ipv6, inner) : Decoded.Udp;
}
