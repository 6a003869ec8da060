/**
 * Messages to the kernel's route netlink (rtnetlink(7), linux/rtnetlink.h): a header, struct ifinfomsg, then
 * attributes, each padded to 4 octets. In the byte order of the machine.
 */
import { endianness } from 'node:os';

const LITTLE = endianness() === 'LE';

/** nlmsghdr: length(4) type(2) flags(2) sequence(4) port(4). */
export const NETLINK_HEADER = 16;
/** ifinfomsg: family(1) pad(1) type(2) index(4) flags(4) change(4). */
export const LINK_HEADER = 16;
/** nlattr: length(2) type(2). */
const ATTRIBUTE_HEADER = 4;

export const Message = { NewLink: 16, DeleteLink: 17, GetLink: 18, SetLink: 19 } as const;
export type Message = (typeof Message)[keyof typeof Message];

/** linux/netlink.h. */
export const Flag = { Request: 1, Acknowledge: 4, Exclusive: 0x200, Create: 0x400 } as const;

export interface LinkRequest {
  readonly message: Message;
  readonly flags?: number;
  /** AF_UNSPEC, or AF_BRIDGE for what a bridge knows of its port. */
  readonly family?: number;
  readonly index?: number;
  /** Interface flags (IFF_…) to set or clear, and which of them are meant. */
  readonly linkFlags?: number;
  readonly linkMask?: number;
  readonly attributes?: readonly Uint8Array[];
}

export function linkRequest(request: LinkRequest): Uint8Array {
  const attributes = request.attributes ?? [];
  const length = attributes.reduce((sum, a) => sum + a.length, NETLINK_HEADER + LINK_HEADER);
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  view.setUint32(0, length, LITTLE);
  view.setUint16(4, request.message, LITTLE);
  view.setUint16(6, Flag.Request | Flag.Acknowledge | (request.flags ?? 0), LITTLE);
  view.setUint8(16, request.family ?? 0);
  view.setInt32(20, request.index ?? 0, LITTLE);
  view.setUint32(24, request.linkFlags ?? 0, LITTLE);
  view.setUint32(28, request.linkMask ?? 0, LITTLE);
  let at = NETLINK_HEADER + LINK_HEADER;
  for (const attribute of attributes) {
    octets.set(attribute, at);
    at += attribute.length;
  }
  return octets;
}

export function attribute(type: number, value: Uint8Array): Uint8Array {
  const octets = new Uint8Array(padded(ATTRIBUTE_HEADER + value.length));
  const view = new DataView(octets.buffer);
  view.setUint16(0, ATTRIBUTE_HEADER + value.length, LITTLE);
  view.setUint16(2, type, LITTLE);
  octets.set(value, ATTRIBUTE_HEADER);
  return octets;
}

export function attribute8(type: number, value: number): Uint8Array {
  return attribute(type, Uint8Array.of(value));
}

export function attribute16(type: number, value: number): Uint8Array {
  const octets = new Uint8Array(2);
  new DataView(octets.buffer).setUint16(0, value, LITTLE);
  return attribute(type, octets);
}

export function attribute32(type: number, value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value, LITTLE);
  return attribute(type, octets);
}

/** With the zero octet that ends it. */
export function attributeText(type: number, text: string): Uint8Array {
  return attribute(type, new TextEncoder().encode(`${text}\0`));
}

export function nested(type: number, attributes: readonly Uint8Array[]): Uint8Array {
  return attribute(type | NESTED, Buffer.concat(attributes));
}

/** NLA_F_NESTED. */
const NESTED = 0x8000;

/** Attributes of octets[start, end) by type; what is cut or has no sense ends the reading. */
export function attributesIn(
  octets: Uint8Array,
  start: number,
  end: number,
): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = start;
  while (at + ATTRIBUTE_HEADER <= end) {
    const length = view.getUint16(at, LITTLE);
    if (length < ATTRIBUTE_HEADER || at + length > end) break;
    const type = view.getUint16(at + 2, LITTLE) & 0x3fff;
    found.set(type, octets.subarray(at + ATTRIBUTE_HEADER, at + length));
    at += padded(length);
  }
  return found;
}

export function numberIn(value: Uint8Array | undefined): number | undefined {
  if (value === undefined || value.length < 4) return undefined;
  return new DataView(value.buffer, value.byteOffset).getUint32(0, LITTLE);
}

export function textIn(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  const end = value.indexOf(0);
  return new TextDecoder().decode(end === -1 ? value : value.subarray(0, end));
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
