/** Frames made by hand for tests: each function puts one header before its payload. */
import { addWords, foldChecksum } from '../bytes/checksum.ts';

/** Octets, hexadecimal digits (blanks allowed), or numbers. */
type Part = Uint8Array | string | readonly number[];

export function octets(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? hex(part) : [...part])),
  );
}

function hex(digits: string): number[] {
  return (digits.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => Number.parseInt(pair, 16));
}

export function text(words: string): Uint8Array {
  return Uint8Array.from(words, (c) => c.charCodeAt(0));
}

export const u16 = (n: number): number[] => [(n >>> 8) & 255, n & 255];
export const u32 = (n: number): number[] => [...u16(n >>> 16), ...u16(n)];

export const SOURCE4 = [10, 1, 2, 3];
export const DESTINATION4 = [192, 0, 2, 200];
export const SOURCE6 = hex('20010db8 00000000 00000000 00000001');
export const DESTINATION6 = hex('20010db8 00010002 fffefdfc 000000ff');

/** Addresses of `PacketView` for the packets made here. */
export const VIEW4 = [0, 0, 0, 0x0a010203, 0, 0, 0, 0xc00002c8 | 0];
export const VIEW6 = [0x20010db8, 0, 0, 1, 0x20010db8, 0x00010002, 0xfffefdfc | 0, 0xff];

export interface Ipv4Fields {
  readonly id?: number;
  /** Octets; a multiple of 8. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly options?: Part;
  readonly totalLength?: number;
}

export function ipv4(protocol: number, payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = octets(fields.options ?? []);
  const words = 5 + options.length / 4;
  const total = fields.totalLength ?? words * 4 + payload.length;
  const fragment = (fields.more ? 0x2000 : 0) | ((fields.offset ?? 0) / 8);
  const header = octets(
    [0x40 | words, 0, ...u16(total), ...u16(fields.id ?? 1), ...u16(fragment), 64, protocol, 0, 0],
    SOURCE4,
    DESTINATION4,
    options,
  );
  header.set(u16(foldChecksum(addWords(header, 0, header.length, 0))), 10);
  return octets(header, payload);
}

export function ipv6(next: number, payload: Uint8Array, length = payload.length): Uint8Array {
  return octets([0x60, 0, 0, 0, ...u16(length), next, 64], SOURCE6, DESTINATION6, payload);
}

/** An IPv6 fragment header and what it carries. */
export function fragment6(
  next: number,
  id: number,
  offset: number,
  more: boolean,
  payload: Uint8Array,
): Uint8Array {
  return ipv6(44, octets([next, 0, ...u16(offset | (more ? 1 : 0)), ...u32(id)], payload));
}

/** TCP without a checksum; ports 40000 to 5222, sequence 0x01020304, PSH and ACK. */
export function tcp(payload: Uint8Array, options: Part = []): Uint8Array {
  const extra = octets(options);
  return octets(
    [...u16(40000), ...u16(5222), ...u32(0x01020304), ...u32(0xfffefdfc)],
    [((5 + extra.length / 4) << 4) & 0xf0, 0x18, ...u16(0x1234), 0, 0, 0, 0],
    extra,
    payload,
  );
}

/** UDP without a checksum. */
export function udp(destination: number, payload: Uint8Array, source = 40000): Uint8Array {
  return octets([...u16(source), ...u16(destination), ...u16(8 + payload.length), 0, 0], payload);
}

export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return octets('020000000001 020000000002', u16(type), payload);
}
