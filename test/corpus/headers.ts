/**
 * Where the headers of a frame stand: enough of a decoder for tests that rewrite packets, written
 * apart from the one under test. Ethernet (with VLAN tags) and raw IP; IPv4 and IPv6 without
 * extension headers; TCP and UDP.
 */
import type { StoredFrame } from './frames.ts';

export interface Headers {
  readonly version: 4 | 6;
  readonly ipStart: number;
  /** 6 TCP, 17 UDP. */
  readonly transport: number;
  readonly transportStart: number;
  readonly payloadStart: number;
  /** End of the payload on the wire by the IP length, at most the captured end. */
  readonly payloadEnd: number;
}

const ETHERNET = 1;
const RAW = 101;

/** The headers of an unfragmented TCP or UDP packet that was captured whole, or undefined. */
export function headersOf(frame: StoredFrame): Headers | undefined {
  const b = frame.octets;
  if (frame.originalLength !== b.length) return undefined;
  const ipStart = ipStartOf(frame);
  if (ipStart === undefined || b.length < ipStart + 20) return undefined;
  const version = at(b, ipStart) >> 4;
  if (version === 4) {
    if ((u16(b, ipStart + 6) & 0x3fff) !== 0) return undefined;
    const transportStart = ipStart + (at(b, ipStart) & 15) * 4;
    return payloadOf(
      b,
      4,
      ipStart,
      at(b, ipStart + 9),
      transportStart,
      ipStart + u16(b, ipStart + 2),
    );
  }
  if (version !== 6 || b.length < ipStart + 40) return undefined;
  const end = ipStart + 40 + u16(b, ipStart + 4);
  return payloadOf(b, 6, ipStart, at(b, ipStart + 6), ipStart + 40, end);
}

function ipStartOf(frame: StoredFrame): number | undefined {
  if (frame.linkType === RAW) return 0;
  if (frame.linkType !== ETHERNET) return undefined;
  let type = 12;
  while (u16(frame.octets, type) === 0x8100 || u16(frame.octets, type) === 0x88a8) type += 4;
  const etherType = u16(frame.octets, type);
  return etherType === 0x0800 || etherType === 0x86dd ? type + 2 : undefined;
}

function payloadOf(
  b: Uint8Array,
  version: 4 | 6,
  ipStart: number,
  transport: number,
  transportStart: number,
  payloadEnd: number,
): Headers | undefined {
  if (transport !== 6 && transport !== 17) return undefined;
  const size = transport === 17 ? 8 : (at(b, transportStart + 12) >> 4) * 4;
  const payloadStart = transportStart + size;
  if (size < 8 || payloadEnd > b.length || payloadStart > payloadEnd) return undefined;
  return { version, ipStart, transport, transportStart, payloadStart, payloadEnd };
}

export function at(b: Uint8Array, i: number): number {
  return b[i] ?? 0;
}

export function u16(b: Uint8Array, i: number): number {
  return (at(b, i) << 8) | at(b, i + 1);
}

export function u32(b: Uint8Array, i: number): number {
  return ((u16(b, i) << 16) | u16(b, i + 2)) >>> 0;
}

export function put16(b: Uint8Array, i: number, value: number): void {
  b[i] = value >> 8;
  b[i + 1] = value;
}

export function put32(b: Uint8Array, i: number, value: number): void {
  put16(b, i, value >>> 16);
  put16(b, i + 2, value & 0xffff);
}

/** Addresses, ports and direction of a TCP packet as one text: a key per direction of a flow. */
export function directionKey(b: Uint8Array, h: Headers): string {
  const addresses =
    h.version === 4
      ? b.subarray(h.ipStart + 12, h.ipStart + 20)
      : b.subarray(h.ipStart + 8, h.ipStart + 40);
  return `${addresses.join('.')} ${u32(b, h.transportStart)}`;
}

/** The packet with other payload, sequence number and flags; lengths and checksums made right. */
export function withPayload(
  frame: StoredFrame,
  h: Headers,
  payload: Uint8Array,
  sequence: number,
  flags: number,
): StoredFrame {
  const octets = new Uint8Array(h.payloadStart + payload.length);
  octets.set(frame.octets.subarray(0, h.payloadStart));
  octets.set(payload, h.payloadStart);
  put32(octets, h.transportStart + 4, sequence);
  octets[h.transportStart + 13] = flags;
  const ipLength = octets.length - h.ipStart;
  if (h.version === 4) put16(octets, h.ipStart + 2, ipLength);
  else put16(octets, h.ipStart + 4, ipLength - 40);
  fixChecksums(octets, h);
  return { ...frame, octets, originalLength: octets.length };
}

/** IPv4 header and TCP or UDP checksums (RFC 1071) of a packet that ends with its frame. */
export function fixChecksums(b: Uint8Array, h: Headers): void {
  if (h.version === 4) {
    put16(b, h.ipStart + 10, 0);
    put16(b, h.ipStart + 10, fold(sum(b, h.ipStart, h.transportStart)));
  }
  const place = h.transportStart + (h.transport === 6 ? 16 : 6);
  const [from, to] = h.version === 4 ? [12, 20] : [8, 40];
  put16(b, place, 0);
  const pseudo =
    sum(b, h.ipStart + from, h.ipStart + to) + h.transport + b.length - h.transportStart;
  put16(b, place, fold(pseudo + sum(b, h.transportStart, b.length)));
}

function sum(b: Uint8Array, start: number, end: number): number {
  let total = 0;
  for (let i = start; i < end; i += 2) total += (at(b, i) << 8) | (i + 1 < end ? at(b, i + 1) : 0);
  return total;
}

function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
