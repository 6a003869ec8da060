/** Makes frames: what a proxy sends instead of, or in answer to, what it refused. */
const STAR = 0x2a;
const DATA = 2;
const ENCODER = new TextEncoder();
/** Requests that the server began have the highest bit set. */
export const SERVER_REQUEST = 0x8000_0000;

export interface SnacFields {
  readonly family: number;
  readonly subtype: number;
  readonly request: number;
  readonly body: readonly number[];
}

export function flap(channel: number, sequence: number, payload: readonly number[]): number[] {
  return [STAR, channel, ...u16(sequence), ...u16(payload.length), ...payload];
}

export function data(sequence: number, { family, subtype, request, body }: SnacFields): number[] {
  return flap(DATA, sequence, [
    ...u16(family),
    ...u16(subtype),
    ...u16(0),
    ...u32(request),
    ...body,
  ]);
}

export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

export function tlv(type: number, value: readonly number[]): number[] {
  return [...u16(type), ...u16(value.length), ...value];
}

/** u8 length · name; a name is never longer where it came from the wire. */
export function name(text: string): number[] {
  const octets = ENCODER.encode(text).subarray(0, 255);
  return [octets.length, ...octets];
}

export function utf8Octets(text: string): number[] {
  return [...ENCODER.encode(text)];
}

export function utf16Octets(text: string): number[] {
  const octets: number[] = [];
  for (let i = 0; i < text.length; i++) octets.push(...u16(text.charCodeAt(i)));
  return octets;
}

/** u8 name · warning 0 · one TLV: class "free AIM account". */
export function userInfo(text: string): number[] {
  return [...name(text), ...u16(0), ...u16(1), ...tlv(0x01, u16(0x0010))];
}
