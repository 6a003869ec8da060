/** UINs: numbers as u32, or as text (10.5 and later): octet 0, octets of digits, digits. */
import { i32le } from '../../src/bytes/read.ts';

const ZERO = 0x30;
const MOST_DIGITS = 10;

/** UIN 0 is the network itself, and nobody. */
export function uinAt(buffer: Uint8Array, at: number): string | undefined {
  const uin = i32le(buffer, at) >>> 0;
  return uin === 0 ? undefined : String(uin);
}

/** Versions 6.0 and 7.7 keep flags in the highest octet. */
export function flaggedUinAt(buffer: Uint8Array, at: number): string | undefined {
  const uin = i32le(buffer, at) & 0x00ff_ffff;
  return uin === 0 ? undefined : String(uin);
}

/** The UIN written in buffer[start, end). */
export function writtenUin(buffer: Uint8Array, start: number, end: number): string | undefined {
  const digits = buffer[start + 1] ?? 0;
  if (buffer[start] !== 0 || digits > MOST_DIGITS || start + 2 + digits !== end) return undefined;
  let uin = 0;
  for (let i = start + 2; i < end; i++) {
    const digit = (buffer[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    uin = uin * 10 + digit;
  }
  return uin === 0 ? undefined : String(uin);
}

/** As octets of a protobuf field. */
export function uinOctets(uin: string): Uint8Array {
  const octets = Uint8Array.from(`\0\0${uin}`, (c) => c.charCodeAt(0));
  octets[1] = uin.length;
  return octets;
}
