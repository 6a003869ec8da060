/** Makes whole packets, for a proxy to put in the place of refused ones. */
import { Direction } from '../contract.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { HEADER } from './ymsg-limits.ts';

export type Field = readonly [key: number, value: string | number];

const ENCODER = new TextEncoder();
const SEPARATOR = [0xc0, 0x80];
const LARGEST = 0xffff;
/** Used where no packet of the direction, or of any, told one: every client reads it. */
const VERSION = 0x000c;

/**
 * One packet in the given direction, of the session's identifier and of the version that this direction
 * writes (a server that was not heard yet: 0). Values hold no separator.
 */
export function packetOf(
  flow: YmsgFlow,
  direction: Direction,
  service: number,
  status: number,
  fields: readonly Field[],
): Uint8Array {
  const body: number[] = [];
  for (const [key, value] of fields) {
    body.push(...ENCODER.encode(String(key)), ...SEPARATOR);
    for (const octet of ENCODER.encode(String(value)).subarray(0, LARGEST >> 2)) body.push(octet);
    body.push(...SEPARATOR);
  }
  return packetAround(flow, direction, service, status, Uint8Array.from(body));
}

export function packetAround(
  flow: YmsgFlow,
  direction: Direction,
  service: number,
  status: number,
  body: Uint8Array,
): Uint8Array {
  const packet = new Uint8Array(HEADER + body.length);
  const view = new DataView(packet.buffer);
  packet.set([0x59, 0x4d, 0x53, 0x47]);
  const own = flow.versions[direction];
  view.setUint16(4, direction === Direction.ToServer && own === 0 ? VERSION : own);
  view.setUint16(8, body.length);
  view.setUint16(10, service);
  view.setInt32(12, status);
  view.setInt32(16, flow.session);
  packet.set(body, HEADER);
  return packet;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
