/** Frames of OSCAR as tests write them. Independent of what the parser makes itself (frames.ts). */
import { hex, joined, octets } from '../../test/support/parser-harness.ts';

type Part = Uint8Array | string;

/** A string is hex with text in quotes. */
function wire(parts: readonly Part[]): Uint8Array {
  return joined(...parts.map((part) => (typeof part === 'string' ? hex(part) : part)));
}

const word = (value: number) => Uint8Array.of(value >> 8, value & 0xff);
const little = (value: number) => Uint8Array.of(value & 0xff, value >> 8);

export function flap(channel: number, ...parts: readonly Part[]): Uint8Array {
  const payload = wire(parts);
  return joined(Uint8Array.of(0x2a, channel, 0x00, 0x07), word(payload.length), payload);
}

/** `'0004/0006'`; the request is 7. */
export function snac(label: string, ...body: readonly Part[]): Uint8Array {
  return flap(2, label.replace('/', ' '), '0000 00000007', ...body);
}

export function tlv(type: number, ...value: readonly Part[]): Uint8Array {
  const octetsOf = wire(value);
  return joined(word(type), word(octetsOf.length), octetsOf);
}

/** u8 length · name. */
export function name(text: string): Uint8Array {
  const octetsOf = octets(text);
  return joined(Uint8Array.of(octetsOf.length), octetsOf);
}

/** u16 length · text. */
export function text16(text: string): Uint8Array {
  const octetsOf = octets(text);
  return joined(word(octetsOf.length), octetsOf);
}

/** A user info block with these TLVs. */
export function user(text: string, ...tlvs: readonly Uint8Array[]): Uint8Array {
  return joined(name(text), word(0), word(tlvs.length), ...tlvs);
}

/** u16 length · text NUL, little-endian. */
export function icqText(text: Part): Uint8Array {
  const octetsOf = joined(typeof text === 'string' ? octets(text) : text, Uint8Array.of(0));
  return joined(little(octetsOf.length), octetsOf);
}

/** TLV 0001 of an ICQ envelope of 100001: command, then the rest, little-endian. */
export function envelope(command: string, ...rest: readonly Part[]): Uint8Array {
  const inside = wire(['a1860100', command, '0100', ...rest]);
  return tlv(0x01, little(inside.length), inside);
}

export const HELLO = flap(1, '00000001');
export const COOKIE = "'a cookie'";
/** The client shows its cookie. */
export const SHOW_COOKIE = flap(1, '00000001', tlv(6, COOKIE));
export const PAGER = snac('0001/0003', '0004 0001 0013');
/** Self info: the account is Ann Other. */
export const SELF = snac('0001/000f', user('Ann Other'));

/** A piece of text: u16 charset. */
export function piece(charset: string, ...text: readonly Part[]): Uint8Array {
  const inside = wire([charset, '0000', ...text]);
  return joined(hex('0101'), word(inside.length), inside);
}

/** TLV 02 with features and these pieces. */
export function words(...pieces: readonly Uint8Array[]): Uint8Array {
  return tlv(2, '0501 0001 01', ...pieces);
}

/** A message of the client: channel 1. */
export function sent(to: string, ...tlvs: readonly Uint8Array[]): Uint8Array {
  return snac('0004/0006', "'12345678' 0001", name(to), ...tlvs);
}

/** A message of somebody: channel 1. */
export function received(from: string, ...tlvs: readonly Uint8Array[]): Uint8Array {
  return snac('0004/0007', "'12345678' 0001", user(from), ...tlvs);
}

export const CHAT = '748f2420 6287 11d1 8222 444553540000';
export const RELAY = '09461349 4c7f 11d1 8222 444553540000';

/** TLV 05 of channel 2: type, capability, TLVs. */
export function rendezvous(type: string, capability: string, ...tlvs: readonly Uint8Array[]) {
  return tlv(5, type, "'12345678'", capability, ...tlvs);
}

/** ICQ's relayed message: type, then from its length on. */
export function relayed(type: string, ...rest: readonly Part[]): Uint8Array {
  const head = ['1b00', '00'.repeat(27), '0e00', '00'.repeat(14), type, '00 0000 0100'];
  return tlv(0x2711, ...head, ...rest);
}

/** An item of a list: name, group, item, class, TLVs. */
export function item(
  text: string,
  group: number,
  kind: number,
  ...tlvs: readonly Uint8Array[]
): Uint8Array {
  const inside = joined(...tlvs);
  return joined(text16(text), word(group), word(1), word(kind), word(inside.length), inside);
}

/** A room message: TLV 05 with its own. */
export function roomWords(charset: string, ...text: readonly Part[]): Uint8Array {
  return tlv(5, tlv(1, ...text), tlv(2, octets(charset)));
}
