/**
 * One P2P packet: header, data and, over a switchboard, a footer of four octets.
 *
 *   version 1, little-endian, 48 octets                version 2, big-endian
 *    0  4  session (0: MSNSLP)                          0  1  length of this header, TLVs included
 *    4  4  message, the same for all its parts          1  1  1 SYN, 2 RAK
 *    8  8  offset of this part                          2  2  octets after it, up to the footer
 *   16  8  octets of the whole message                  4  4  base identifier
 *   24  4  octets of this part                          8     TLVs, then zeros to a multiple of 4
 *   28  4  flags                                       and, if octets follow:
 *   32  4  acknowledged message                         0  1  length of this header, TLVs included
 *   36  4  its unique identifier                        1  1  1 first, 4 object, 6 file
 *   40  8  octets acknowledged                          2  2  package, the same for all parts
 *                                                       4  4  session (0: MSNSLP)
 *                                                       8     TLVs: 1 = octets that follow this part (8)
 *   footer, big-endian: 0 MSNSLP, 1 object, 2 file, 11 emoticon, 12 picture (dossier §8)
 */
import { i32be, i32le, u16be } from '../../../src/bytes/read.ts';

export const HEADER_V1 = 48;
export const FOOTER = 4;
const SHORTEST_V2 = 8;
const LONGEST_V2 = 64; // octets of a header of version 2, as far as seen
const DATA_HEADER_V2 = 8;
const REMAINING = 1; // TLV of the data header

/** Flags of version 1. */
export const Flag = {
  Ack: 0x02,
  Error: 0x08,
  Object: 0x20,
  Close: 0x40,
  TlpError: 0x80,
  Handshake: 0x100,
} as const;
const CONTROL = Flag.Ack | Flag.Error | Flag.Close | Flag.TlpError | Flag.Handshake;
const FILE_FLAGS = 0x30;

/** First octet of the data header of version 2. */
const First = 1;
const ObjectData = 4;
const FileData = 6;

export const PacketKind = { Plain: 0, Object: 1, File: 2 } as const;
export type PacketKind = (typeof PacketKind)[keyof typeof PacketKind];

/**
 * Which version a message is in: version 2 is spoken between endpoints, which its addresses name. Octets can be
 * made to look like either, and receivers go by the addresses.
 */
export const Spoken = { Either: 0, Version1: 1, Version2: 2 } as const;
export type Spoken = (typeof Spoken)[keyof typeof Spoken];

export class P2pPacket {
  version: 1 | 2 = 1;
  session = 0;
  message = 0;
  /** Of this part in its message; -1 where only `remaining` tells it. */
  offset = 0;
  /** Octets of the whole message; -1 where the first part tells it. */
  total = 0;
  /** Octets of the message after this part. */
  remaining = 0;
  /** Acknowledgement, error, close: carries no data. */
  control = false;
  kind: PacketKind = PacketKind.Plain;
  /** Version 1: the identifier that an acknowledgement repeats. Version 2: the base identifier. */
  unique = 0;
  /** Octets of data, in version 2 with their header. */
  length = 0;
  /** Of the footer; 0 where there is none. */
  application = 0;
  dataStart = 0;
  dataEnd = 0;
  /** The length field and the data disagree: the data counts. */
  mismatch = false;

  /** False where it is no packet. */
  read(buffer: Uint8Array, start: number, end: number, footer: boolean, spoken: Spoken): boolean {
    const last = footer ? end - FOOTER : end;
    if (last - start < SHORTEST_V2) return false;
    this.application = footer ? i32be(buffer, last) >>> 0 : 0;
    this.mismatch = false;
    const fits1 = fitsVersion1(buffer, start, last);
    const short = last - start < HEADER_V1;
    const may2 = spoken === Spoken.Version2 || (spoken === Spoken.Either && !fits1) || short;
    if (may2 && fitsVersion2(buffer, start, last)) return this.#version2(buffer, start, last);
    if (short) return false;
    this.mismatch = !fits1;
    return this.#version1(buffer, start, last);
  }

  #version1(buffer: Uint8Array, start: number, last: number): boolean {
    this.version = 1;
    this.session = i32le(buffer, start) >>> 0;
    this.message = i32le(buffer, start + 4) >>> 0;
    this.offset = u64le(buffer, start + 8);
    this.total = u64le(buffer, start + 16);
    const flags = i32le(buffer, start + 28);
    this.unique = i32le(buffer, start + 32) >>> 0;
    this.dataStart = start + HEADER_V1;
    this.dataEnd = last;
    this.length = last - this.dataStart;
    this.remaining = Math.max(0, this.total - this.offset - (last - this.dataStart));
    this.control = (flags & CONTROL) !== 0 && (flags & Flag.Object) === 0;
    if ((flags & FILE_FLAGS) === FILE_FLAGS) this.kind = PacketKind.File;
    else this.kind = (flags & Flag.Object) !== 0 ? PacketKind.Object : PacketKind.Plain;
    return true;
  }

  #version2(buffer: Uint8Array, start: number, last: number): boolean {
    this.version = 2;
    const at = start + (buffer[start] ?? 0);
    this.unique = i32be(buffer, start + 4) >>> 0;
    this.length = last - at;
    this.session = 0;
    this.message = 0;
    this.offset = 0;
    this.total = 0;
    this.remaining = 0;
    this.kind = PacketKind.Plain;
    this.dataStart = last;
    this.dataEnd = last;
    this.control = at === last;
    if (this.control) return true;
    const length = buffer[at] ?? 0;
    if (length < DATA_HEADER_V2 || at + length > last) return false;
    const combined = buffer[at + 1] ?? 0;
    this.message = u16be(buffer, at + 2);
    this.session = i32be(buffer, at + 4) >>> 0;
    if ((combined & FileData) === FileData) this.kind = PacketKind.File;
    else this.kind = (combined & ObjectData) !== 0 ? PacketKind.Object : PacketKind.Plain;
    this.dataStart = at + length;
    this.remaining = remainingOf(buffer, at + DATA_HEADER_V2, this.dataStart);
    const first = (combined & First) !== 0;
    this.offset = first ? 0 : -1;
    this.total = first ? last - this.dataStart + this.remaining : -1;
    return true;
  }
}

function fitsVersion1(buffer: Uint8Array, start: number, last: number): boolean {
  return last - start >= HEADER_V1 && i32le(buffer, start + 24) >>> 0 === last - start - HEADER_V1;
}

/**
 * Whether these octets are packets of version 2 and nothing else, one behind the other, as they come by way of
 * the notification server (MSNP 21): without footers.
 */
export function isChain(buffer: Uint8Array, start: number, end: number, spoken: Spoken): boolean {
  if (spoken === Spoken.Version1) return false;
  if (spoken === Spoken.Either && fitsVersion1(buffer, start, end - FOOTER)) return false;
  let at = start;
  while (at < end) at = nextOfChain(buffer, at, end);
  return at === end && end > start;
}

/** Where the packet at `at` ends; beyond `end` where there is none. */
export function nextOfChain(buffer: Uint8Array, at: number, end: number): number {
  const header = buffer[at] ?? 0;
  if (end - at < SHORTEST_V2 || header < SHORTEST_V2 || header > LONGEST_V2) return end + 1;
  return at + header + u16be(buffer, at + 2);
}

function fitsVersion2(buffer: Uint8Array, start: number, last: number): boolean {
  const header = buffer[start] ?? 0;
  if (header < SHORTEST_V2 || header > LONGEST_V2) return false;
  return header + u16be(buffer, start + 2) === last - start;
}

function remainingOf(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 2 <= end && buffer[at] !== 0) {
    const length = buffer[at + 1] ?? 0;
    if (buffer[at] === REMAINING && length === 8 && at + 10 <= end) return u64be(buffer, at + 2);
    at += 2 + length;
  }
  return 0;
}

/** Beyond 2^53 it is not exact, which the reader refuses. */
function u64le(buffer: Uint8Array, at: number): number {
  return (i32le(buffer, at + 4) >>> 0) * 0x1_0000_0000 + (i32le(buffer, at) >>> 0);
}

function u64be(buffer: Uint8Array, at: number): number {
  return (i32be(buffer, at) >>> 0) * 0x1_0000_0000 + (i32be(buffer, at + 4) >>> 0);
}
