/**
 * GRE (RFC 1701, 2784, 2890), enhanced GRE of PPTP (RFC 2637) and ERSPAN (draft-foschiano-erspan).
 *
 *     flags and version(2) protocol(2) [checksum(2) offset(2)] [key(4)] [sequence(4)] [routing]
 *     version 1: flags(2) 0x880b [payload length(2) call(2)] [sequence(4)] [acknowledgement(4)] PPP
 *     ERSPAN: type I none, II 8 octets (when there is a sequence), III 12 octets and perhaps 8 more
 */
import { u16be } from '../bytes/read.ts';
import { etherType } from './ethernet.ts';
import { Decoded } from './packet-view.ts';
import { Layer, type Step, type Walk } from './walk.ts';

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080; // version 1 only

const ERSPAN_1_2 = 0x88be;
const ERSPAN_3 = 0x22eb;
const WCCP = 0x883e;
const BRIDGING = 0x6558;
const KEEPALIVE = 0; // Cisco's
const PPP = 0x880b;

export function gre(walk: Walk): Step {
  const { buffer, at, end } = walk;
  if (end - at < 4) return walk.short();
  const flags = u16be(buffer, at);
  const protocol = u16be(buffer, at + 2);
  const version = flags & 7;
  let payload = at + 4;
  if (version === 1) {
    if (protocol !== PPP || (flags & KEY) === 0) return Decoded.Malformed;
    payload += 4;
    if ((flags & SEQUENCE) !== 0) payload += 4;
    if ((flags & ACKNOWLEDGEMENT) !== 0) payload += 4;
    if (payload > end) return walk.short();
    // Without a sequence it carries no payload, only an acknowledgement.
    return (flags & SEQUENCE) !== 0 ? walk.into(Layer.Ppp, payload) : Decoded.OtherTransport;
  }
  if (version !== 0) return Decoded.OtherTransport;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) payload += 4;
  if ((flags & KEY) !== 0) payload += 4;
  if ((flags & SEQUENCE) !== 0) payload += 4;
  if ((flags & ROUTING) !== 0) payload = afterRouting(buffer, payload, end);
  if (protocol === ERSPAN_1_2) {
    if ((flags & SEQUENCE) !== 0) payload += 8;
    return payload > end ? walk.short() : walk.into(Layer.Ethernet, payload);
  }
  if (protocol === ERSPAN_3) return erspan3(walk, payload);
  if (protocol === KEEPALIVE && payload === end) return Decoded.OtherTransport;
  if (payload >= end) return walk.short();
  if (protocol === BRIDGING) return walk.into(Layer.Ethernet, payload);
  if (protocol === WCCP) {
    // Version 2 puts 4 octets before the packet, which cannot begin with the version of IPv4.
    const redirect = (buffer[payload] ?? 0) >>> 4 === 4 ? 0 : 4;
    return walk.into(Layer.Ipv4, payload + redirect);
  }
  return walk.enter(payload) ? etherType(walk, protocol) : Decoded.TooDeep;
}

function erspan3(walk: Walk, at: number): Step {
  if (walk.end - at < 12) return walk.short();
  const last = u16be(walk.buffer, at + 10);
  const payload = at + 12 + ((last & 1) !== 0 ? 8 : 0);
  if (payload > walk.end) return walk.short();
  const frameType = (last >>> 10) & 31; // P bit, then 5 bits
  if (frameType === 2) return walk.into(Layer.Ip, payload);
  return frameType === 0 ? walk.into(Layer.Ethernet, payload) : Decoded.NotIp;
}

/** Past the source route entries: family(2) offset(1) length(1) octets(length), an empty one last. */
function afterRouting(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (end - at >= 4) {
    const family = u16be(buffer, at);
    const length = buffer[at + 3] ?? 0;
    at += 4 + length;
    if (family === 0 && length === 0) return at;
  }
  return end + 1;
}
