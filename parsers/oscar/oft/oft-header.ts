/**
 * An OFT header, of 256 octets with usual clients, which pad a short name to 64:
 *
 *     0  "OFT2" or "OFT3"      4  u16 length        6  u16 type        8  8 octets cookie
 *    16  u16 encryption       18  u16 compression  20  u16 files      22  u16 files left
 *    28  u32 octets in all    32  u32 octets of this file             40  u32 checksum
 *    60  u32 octets received  64  u32 checksum of those             188  u16 charset of the name
 *   192  name, NUL padded; 01 between folders
 *
 * Source: dossier oscar.md §6 (libpurple oft.c).
 */
import { i32be, u16be } from '../../../src/bytes/read.ts';
import { boundedCopy } from '../../../src/bytes/text.ts';
import { hexText } from '../rendezvous/capability.ts';
import { Begins, type HeaderRules } from '../rendezvous/peer-headers.ts';
import { charsetText, untilNul } from '../rendezvous/text-charset.ts';
import { HEADER_LEAST, HEADER_MOST, HEADER_USUAL, NAME_LIMIT } from './oft-limits.ts';

export const OftType = {
  Prompt: 0x0101,
  Ack: 0x0202,
  Done: 0x0204,
  Resume: 0x0205,
  ResumeAccept: 0x0106,
  ResumeAck: 0x0207,
  /** Get-file: the list of files is sent like a file, under types of its own. */
  ListingPrompt: 0x1108,
  ListingAck: 0x1209,
  ListingDone: 0x120b,
  ListingReady: 0x120a,
  FileRequest: 0x120c,
} as const;

/** Octets that show whether a header begins, and how long it is. */
export const SIGNATURE = 8;

const KNOWN: ReadonlySet<number> = new Set(Object.values(OftType));
const NAME_AT = 192;
const MAGIC = [0x4f, 0x46, 0x54]; // OFT

function beginsHeader(buffer: Uint8Array, start: number, end: number): Begins {
  const there = end - start;
  for (let i = 0; i < 3 && i < there; i++) if (buffer[start + i] !== MAGIC[i]) return Begins.No;
  if (there > 3 && !isVersion(buffer[start + 3])) return Begins.No;
  if (there < SIGNATURE) return Begins.More;
  const length = u16be(buffer, start + 4);
  const most = isKnownType(u16be(buffer, start + 6)) ? HEADER_MOST : HEADER_USUAL;
  if (length < HEADER_LEAST || length > most) return Begins.No;
  return Begins.Yes;
}

export const OFT_HEADERS: HeaderRules = {
  first: 0x4f,
  signature: SIGNATURE,
  begins: beginsHeader,
  length: (buffer, start) => u16be(buffer, start + 4),
};

export const isKnownType = (type: number): boolean => KNOWN.has(type);

export interface OftHeader {
  /** Octets of the header itself. */
  readonly length: number;
  readonly version: string;
  readonly type: number;
  /** 16 hex digits; all zero in a prompt that leaves it to the receiver. */
  readonly cookie: string;
  readonly encoded: boolean;
  readonly files: number;
  readonly filesLeft: number;
  readonly totalSize: number;
  readonly size: number;
  /** As it stands: 16 bits that mean something, 16 that are 0. */
  readonly checksum: number;
  readonly received: number;
  /** Folders parted by `/`; undefined where empty. */
  readonly name: string | undefined;
}

/** All of buffer[start, end) is there. */
export function readHeader(buffer: Uint8Array, start: number, end: number): OftHeader {
  const u16 = (at: number) => u16be(buffer, start + at);
  const u32 = (at: number) => i32be(buffer, start + at) >>> 0;
  const charset = CHARSETS[u16(188)];
  const nameEnd = untilNul(buffer, start + NAME_AT, end, charset);
  const written = charsetText(buffer, start + NAME_AT, nameEnd, charset).replaceAll('\x01', '/');
  const name = boundedCopy(written, NAME_LIMIT);
  return {
    length: end - start,
    version: String.fromCharCode(buffer[start + 3] ?? 0),
    type: u16(6),
    cookie: hexText(buffer, start + 8, start + 16),
    encoded: u16(16) !== 0 || u16(18) !== 0,
    files: u16(20),
    filesLeft: u16(22),
    totalSize: u32(28),
    size: u32(32),
    checksum: u32(40),
    received: u32(60),
    name: name === '' ? undefined : name,
  };
}

const CHARSETS: Readonly<Record<number, string>> = { 2: 'unicode-2-0', 3: 'iso-8859-1' };

function isVersion(octet: number | undefined): boolean {
  return octet === 0x32 || octet === 0x33;
}
