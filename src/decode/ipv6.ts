/**
 * IPv6 (RFC 8200) and its extension headers.
 *
 *     version, class, flow label(4) payload length(2) next header(1) hop limit(1) source(16) destination(16)
 *     extension: next header(1) length(1, in 8 octets, without the first 8) …
 *     fragment:  next header(1) reserved(1) offset(13 bits) reserved(2 bits) more(1 bit) identification(4)
 */
import { i32be, u16be } from '../bytes/read.ts';
import { Decoded } from './packet-view.ts';
import { Protocol, transport } from './transport.ts';
import type { Step, Walk } from './walk.ts';

const HEADER = 40;
/** Extension headers of one packet; RFC 8504 §5.3 lets a host stop long before. */
const MAX_EXTENSIONS = 32;

export function ipv6(walk: Walk): Step {
  const { buffer, at, view } = walk;
  const room = walk.end - at;
  if (room < HEADER) return walk.short();
  if ((buffer[at] ?? 0) >>> 4 !== 6) return Decoded.Malformed;
  const length = u16be(buffer, at + 4);
  // 0: a jumbogram, or segmentation left to the network card; as long as what was captured.
  if (length !== 0) {
    if (length <= room - HEADER) {
      walk.end = at + HEADER + length;
      walk.missing = 0;
    } else {
      walk.missing = length - (room - HEADER);
    }
  }
  const addresses = view.addresses;
  for (let i = 0; i < 8; i++) addresses[i] = i32be(buffer, at + 8 + 4 * i);
  view.ipVersion = 6;
  view.networkAt = at;
  view.tunnelled = walk.networks++ > 0;
  walk.rerouted = false;
  walk.at = at + HEADER;
  const next = buffer[at + 6] ?? 0;
  if (next === Protocol.Tcp || next === Protocol.Udp) return transport(walk, next);
  return extensions(walk, next);
}

/** The chain of extension headers from `walk.at`, through reassembly if there is a fragment header. */
function extensions(walk: Walk, first: number): Step {
  let next = first;
  for (let i = 0; i < MAX_EXTENSIONS; i++) {
    const { buffer, at } = walk;
    if (next === Protocol.Fragment) {
      if (walk.end - at < 8) return walk.short();
      const fragment = u16be(buffer, at + 2) & 0xfff9; // without the reserved bits
      next = buffer[at] ?? 0;
      walk.at = at + 8;
      if (fragment === 0) continue; // a fragment that is the whole (RFC 6946)
      walk.view.transport = next;
      const offset = fragment & 0xfff8;
      const more = (fragment & 1) !== 0;
      const step = walk.reassembly.addV6(walk, i32be(buffer, at + 4), next, offset, more);
      if (step !== Decoded.OtherTransport) return step;
      next = walk.reassembly.nextHeader;
      continue;
    }
    if (!isExtension(next)) {
      if (next === Protocol.NoNext) {
        walk.view.transport = next;
        return Decoded.OtherTransport;
      }
      return transport(walk, next);
    }
    if (walk.end - at < 8) return walk.short();
    const length = ((buffer[at + 1] ?? 0) + 1) << 3;
    if (length > walk.end - at) return walk.short();
    if (next === Protocol.Routing && buffer[at + 3] !== 0) walk.rerouted = true;
    next = buffer[at] ?? 0;
    walk.at = at + length;
  }
  return Decoded.TooDeep;
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case Protocol.HopByHop:
    case Protocol.Routing:
    case Protocol.Destination:
    case Protocol.Mobility:
    case Protocol.Hip:
    case Protocol.Shim6:
      return true;
    default:
      return false;
  }
}
