/**
 * The RST that ends a TCP connection (RFC 9293 §3.10.7, RFC 5961 §3.2: believed only with the very sequence
 * number that its receiver expects), made from a packet of that connection: its link layer, VLAN tags and
 * addresses, either as they are (to who was to receive the packet) or turned round (to its sender).
 */
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { u16be } from '../../bytes/read.ts';
import type { Frame } from '../../capture/frame.ts';
import { isVlan } from '../../decode/ethernet.ts';
import type { PacketView } from '../../decode/packet-view.ts';

/** Octets that the largest RST may need: link layer with tags, IPv6, TCP. */
export const MOST_RESET_OCTETS = 256;

const RST = 4;
const ACK = 16;
const TCP = 6;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const TCP_HEADER = 20;
const ETHERNET = 1;
const ETHER_TYPE = 12;
const PPPOE_SESSION = 0x8864;
const MAX_LENGTH = 1500; // smaller type fields are lengths (IEEE 802.3 §3.2.6)
const DEFAULT_HOPS = 64;

/**
 * Writes the RST into `out` (MOST_RESET_OCTETS at least) and returns its length; 0 where none can be made:
 * inside a tunnel, or on a link layer with lengths that are not understood.
 */
export function writeReset(
  frame: Frame,
  view: PacketView,
  toSender: boolean,
  sequence: number,
  acknowledgement: number,
  out: Uint8Array,
): number {
  const at = writeBefore(frame, view, toSender, TCP_HEADER, out);
  if (at < 0) return 0;
  writeTcp(view, toSender, sequence, acknowledgement, RST | ACK, TCP_HEADER, out, at);
  sumTcp(view, TCP_HEADER, out, at);
  return at + TCP_HEADER;
}

/** Writes what stands before a TCP header; where that begins, or -1 as above. `tcp`: octets of the segment. */
export function writeBefore(
  frame: Frame,
  view: PacketView,
  toSender: boolean,
  tcp: number,
  out: Uint8Array,
): number {
  const { buffer, start } = frame;
  const link = view.networkAt - start;
  if (view.tunnelled || view.transport !== TCP || link < 0) return -1;
  const ip = view.ipVersion === 4 ? IPV4_HEADER : IPV6_HEADER;
  const length = link + ip + tcp;
  if (length > MOST_RESET_OCTETS || length > out.length) return -1;
  out.set(buffer.subarray(start, start + link));
  if (frame.linkType === ETHERNET && !turnEthernet(out, link, toSender, ip + tcp)) return -1;
  writeIp(buffer, view, toSender, tcp, out, link);
  return link + ip;
}

/** False for 802.3 frames with a length instead of a type. */
function turnEthernet(out: Uint8Array, link: number, turn: boolean, payload: number): boolean {
  if (turn) {
    for (let i = 0; i < 6; i++) {
      const held = out[i] ?? 0;
      out[i] = out[6 + i] ?? 0;
      out[6 + i] = held;
    }
  }
  let at = ETHER_TYPE;
  while (at + 2 < link && isVlan(u16be(out, at))) at += 4;
  const type = u16be(out, at);
  if (type === PPPOE_SESSION && link - at === 10) {
    put16(out, at + 6, payload + 2); // RFC 2516 §4: the length counts the PPP protocol field
    return true;
  }
  return type > MAX_LENGTH && at + 2 === link;
}

function writeIp(
  buffer: Uint8Array,
  view: PacketView,
  toSender: boolean,
  tcp: number,
  out: Uint8Array,
  at: number,
): void {
  const network = view.networkAt;
  const source = toSender ? 4 : 0;
  if (view.ipVersion === 4) {
    out.fill(0, at, at + IPV4_HEADER);
    out[at] = 0x45;
    put16(out, at + 2, IPV4_HEADER + tcp);
    out[at + 6] = 0x40; // do not fragment
    out[at + 8] = toSender ? DEFAULT_HOPS : (buffer[network + 8] ?? DEFAULT_HOPS);
    out[at + 9] = TCP;
    put32(out, at + 12, view.addresses[source + 3] ?? 0);
    put32(out, at + 16, view.addresses[7 - source] ?? 0);
    put16(out, at + 10, foldChecksum(addWords(out, at, at + IPV4_HEADER, 0)));
    return;
  }
  out.fill(0, at, at + IPV6_HEADER);
  out[at] = 0x60;
  put16(out, at + 4, tcp);
  out[at + 6] = TCP;
  out[at + 7] = toSender ? DEFAULT_HOPS : (buffer[network + 7] ?? DEFAULT_HOPS);
  for (let i = 0; i < 4; i++) {
    put32(out, at + 8 + 4 * i, view.addresses[source + i] ?? 0);
    put32(out, at + 24 + 4 * i, view.addresses[4 - source + i] ?? 0);
  }
}

/** A TCP header of `header` octets, options still zeros, its checksum not yet computed. */
export function writeTcp(
  view: PacketView,
  toSender: boolean,
  sequence: number,
  acknowledgement: number,
  flags: number,
  header: number,
  out: Uint8Array,
  at: number,
): void {
  out.fill(0, at, at + header);
  put16(out, at, toSender ? view.destinationPort : view.sourcePort);
  put16(out, at + 2, toSender ? view.sourcePort : view.destinationPort);
  put32(out, at + 4, sequence);
  put32(out, at + 8, acknowledgement);
  out[at + 12] = (header / 4) << 4;
  out[at + 13] = flags;
}

export function sumTcp(view: PacketView, header: number, out: Uint8Array, at: number): void {
  let sum = TCP + header;
  for (let i = 0; i < 8; i++) {
    const word = view.addresses[i] ?? 0;
    sum += (word >>> 16) + (word & 0xffff);
  }
  put16(out, at + 16, foldChecksum(addWords(out, at, at + header, sum)));
}

/** What the sender of the packet takes for a RST of its peer, also as the answer to a SYN (RFC 9293 §3.10.7.1). */
export function sequenceForSender(view: PacketView): number {
  return (view.flags & ACK) !== 0 ? view.acknowledgement : 0;
}

/** What lies behind the packet in its sender's stream: a RST to the sender acknowledges it. */
export function sequenceBehind(view: PacketView): number {
  const syn = (view.flags >> 1) & 1;
  const fin = view.flags & 1;
  const octets = view.payloadEnd - view.payloadStart + view.payloadMissing;
  return (view.sequence + octets + syn + fin) | 0;
}

function put16(out: Uint8Array, at: number, value: number): void {
  out[at] = (value >>> 8) & 255;
  out[at + 1] = value & 255;
}

function put32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = (value >>> 16) & 255;
  out[at + 2] = (value >>> 8) & 255;
  out[at + 3] = value & 255;
}
