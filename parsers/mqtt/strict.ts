/**
 * Whether octets are one packet that stands every test of the standard: for the probe and for finding
 * the way again after a gap, where a packet must tell itself. Reading is more lenient.
 */
import { u16be } from '../../src/bytes/read.ts';
import { utf8Prefix } from '../../src/bytes/text.ts';
import { Direction } from '../contract.ts';
import { headerOctets, varintLength, varintValue } from './fixed-header.ts';
import { PacketType } from './packet-type.ts';
import { behindText, Properties } from './properties.ts';

/** How much a packet says: nothing, that it may be one, that it is one among others, that it is one. */
export const Worth = { None: 0, Weak: 1, Fair: 2, Strong: 3 } as const;
export type Worth = (typeof Worth)[keyof typeof Worth];

const HASH = 0x23;
const PLUS = 0x2b;
const properties = new Properties();

/** The worth of the whole packet buffer[at, end). */
export function worthOf(buffer: Uint8Array, at: number, end: number, direction: Direction): Worth {
  if (!mayBegin(buffer, at, end, direction)) return Worth.None;
  const toServer = direction === Direction.ToServer;
  const body = at + headerOctets(buffer, at, end);
  const octets = end - body;
  switch ((buffer[at] ?? 0) >> 4) {
    case PacketType.Connect:
      return isConnect(buffer, body, end) ? Worth.Strong : Worth.None;
    case PacketType.Connack:
      return isConnack(buffer, body, end) ? Worth.Weak : Worth.None;
    case PacketType.Publish:
      return isPublish(buffer, at, body, end) ? Worth.Fair : Worth.None;
    case PacketType.Subscribe:
      return isListOfTopics(buffer, body, end, 1) ? Worth.Strong : Worth.None;
    case PacketType.Unsubscribe:
      return isListOfTopics(buffer, body, end, 0) ? Worth.Strong : Worth.None;
    case PacketType.Pingreq:
    case PacketType.Pingresp:
      return octets === 0 ? Worth.Weak : Worth.None;
    case PacketType.Disconnect:
      if (octets === 0) return toServer ? Worth.Weak : Worth.None;
      return octets === 1 || endsWithProperties(buffer, body + 1, end) ? Worth.Weak : Worth.None;
    case PacketType.Auth:
      return octets > 1 && endsWithProperties(buffer, body + 1, end) ? Worth.Weak : Worth.None;
    case PacketType.Suback:
      return octets > 2 && hasId(buffer, body) ? Worth.Weak : Worth.None;
    default:
      return isAnswer(buffer, body, end) ? Worth.Weak : Worth.None;
  }
}

/** Whether a packet may begin so: type, flags and direction (§2.1.3), and what is there of a topic. */
export function mayBegin(
  buffer: Uint8Array,
  at: number,
  end: number,
  direction: Direction,
): boolean {
  const first = buffer[at] ?? 0;
  const type = first >> 4;
  const flags = first & 0x0f;
  const toServer = direction === Direction.ToServer;
  switch (type) {
    case PacketType.Connect:
    case PacketType.Pingreq:
      if (!toServer || flags !== 0) return false;
      break;
    case PacketType.Connack:
    case PacketType.Suback:
    case PacketType.Unsuback:
    case PacketType.Pingresp:
      if (toServer || flags !== 0) return false;
      break;
    case PacketType.Subscribe:
    case PacketType.Unsubscribe:
      if (!toServer || flags !== 2) return false;
      break;
    case PacketType.Publish:
      if ((flags & 6) === 6 || ((flags & 6) === 0 && (flags & 8) !== 0)) return false;
      break;
    case PacketType.Pubrel:
      if (flags !== 2) return false;
      break;
    default:
      if (type === 0 || flags !== 0) return false;
  }
  const header = headerOctets(buffer, at, end);
  if (header <= 1) return header === 1;
  const octets = varintValue(buffer, at + 1);
  if (header - 1 !== varintLength(octets)) return false;
  const body = at + header;
  if (type === PacketType.Publish && body + 2 <= end) return 2 + u16be(buffer, body) <= octets;
  return true;
}

function isConnect(buffer: Uint8Array, body: number, end: number): boolean {
  const level = nameEnd(buffer, body, end);
  return level > 0 && level + 4 <= end;
}

/** Behind the protocol name (§3.1.2.1; MQIsdp in 3.1); 0: not all there; -1: another. */
export function nameEnd(buffer: Uint8Array, at: number, end: number): number {
  const short = startOf(buffer, at, end, SHORT_NAME);
  if (short >= 0) return short;
  const old = startOf(buffer, at, end, OLD_NAME);
  return old >= 0 ? old : startOf(buffer, at, end, FACEBOOK_NAME);
}

const SHORT_NAME = Uint8Array.of(0, 4, 0x4d, 0x51, 0x54, 0x54); // MQTT
const OLD_NAME = Uint8Array.of(0, 6, 0x4d, 0x51, 0x49, 0x73, 0x64, 0x70); // MQIsdp
const FACEBOOK_NAME = Uint8Array.of(0, 6, 0x4d, 0x51, 0x54, 0x54, 0x6f, 0x54); // MQTToT

function startOf(buffer: Uint8Array, at: number, end: number, name: Uint8Array): number {
  for (let i = 0; i < name.length; i++) {
    if (at + i >= end) return 0;
    if (buffer[at + i] !== name[i]) return -1;
  }
  return at + name.length;
}

function isConnack(buffer: Uint8Array, body: number, end: number): boolean {
  if (end - body < 2 || (buffer[body] ?? 0) > 1) return false;
  const code = buffer[body + 1] ?? 0;
  if (end - body === 2) return code <= 5;
  return (code === 0 || code >= 0x80) && endsWithProperties(buffer, body + 2, end);
}

function isPublish(buffer: Uint8Array, at: number, body: number, end: number): boolean {
  const topic = body + 2;
  const after = behindText(buffer, body, end);
  if (after <= topic || !isTopic(buffer, topic, after)) return false;
  if (((buffer[at] ?? 0) & 6) === 0) return true;
  return after + 2 <= end && hasId(buffer, after);
}

/** Topics to the packet's end, each with `options` octets behind it, in either version. */
function isListOfTopics(buffer: Uint8Array, body: number, end: number, options: number): boolean {
  if (end - body < 5 || !hasId(buffer, body)) return false;
  if (areTopics(buffer, body + 2, end, options)) return true;
  return properties.read(buffer, body + 2, end) && areTopics(buffer, properties.end, end, options);
}

function areTopics(buffer: Uint8Array, start: number, end: number, options: number): boolean {
  let at = start;
  while (at < end) {
    const after = behindText(buffer, at, end);
    if (after === -1 || after === at + 2 || after + options > end) return false;
    if (!isText(buffer, at + 2, after)) return false;
    at = after + options;
  }
  return at > start;
}

/** Packet identifier, and in 5.0 a reason code and properties (§3.4.2). */
function isAnswer(buffer: Uint8Array, body: number, end: number): boolean {
  if (end - body < 2 || !hasId(buffer, body)) return false;
  return end - body <= 3 || endsWithProperties(buffer, body + 3, end);
}

function endsWithProperties(buffer: Uint8Array, at: number, end: number): boolean {
  return properties.read(buffer, at, end) && properties.end === end;
}

function hasId(buffer: Uint8Array, at: number): boolean {
  return u16be(buffer, at) !== 0;
}

/** A topic name: text without wildcards (§4.7.1). */
export function isTopic(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (buffer[i] === HASH || buffer[i] === PLUS) return false;
  }
  return isText(buffer, start, end);
}

function isText(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((buffer[i] ?? 0) < 0x20) return false;
  return utf8Prefix(buffer, start, end) === end;
}
