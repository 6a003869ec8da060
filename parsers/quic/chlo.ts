/**
 * Google's hello before TLS (QUIC Crypto, "CHLO"): `CHLO` · u16 n · 2 octets · n times { tag of 4 octets · u32 end of
 * its value }, little-endian, then the values one after the other. `SNI\0` is the name of the server.
 *
 * Source: "QUIC Crypto" (Langley, Chang), message format; nDPI's quic.c.
 */
import { hostName } from '../../src/bytes/host-name.ts';
import { i32le, u16le } from '../../src/bytes/read.ts';

const HEAD = 8;
const ENTRY = 8;
const CHLO = 0x4f4c4843; // read little-endian
const SNI = 0x00494e53;

export interface Chlo {
  /** A name that DNS could know. */
  readonly host: string | undefined;
  /** A name is there, of whatever kind. */
  readonly isNamed: boolean;
  /** All of it was there, or as much as was needed. */
  readonly isWhole: boolean;
}

/** The hello in buffer[start, end), which may be cut short; undefined where it is none. */
export function readChlo(buffer: Uint8Array, start: number, end: number): Chlo | undefined {
  if (start + HEAD > end || i32le(buffer, start) !== CHLO) return undefined;
  const entries = u16le(buffer, start + 4);
  const values = start + HEAD + entries * ENTRY;
  let valueStart = values;
  for (let at = start + HEAD; at < values; at += ENTRY) {
    if (at + ENTRY > end) return { host: undefined, isNamed: false, isWhole: false };
    const valueEnd = values + (i32le(buffer, at + 4) >>> 0);
    if (i32le(buffer, at) === SNI) {
      const isWhole = valueStart <= valueEnd && valueEnd <= end;
      const host = isWhole ? hostName(buffer, valueStart, valueEnd) : undefined;
      return { host, isNamed: true, isWhole };
    }
    valueStart = valueEnd;
  }
  return { host: undefined, isNamed: false, isWhole: true };
}
