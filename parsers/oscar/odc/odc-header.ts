/**
 * A Direct IM header, 76 octets, and the payload behind it:
 *
 *    0  "ODC2"   4  u16 length   6  u16 1   8  u16 6   12  8 octets cookie
 *   28  u32 octets of payload   32  u16 charset (0 ASCII, 2 UTF-16BE, 3 Latin-1)
 *   38  u16 flags: 0001 auto-reply, 0002 typing (with 0008 composing, 0004 text typed), 0060 hello
 *   44  32 octets, the sender's screen name, NUL padded
 *
 * Source: dossier oscar.md §6 (libpurple odc.c).
 */
import { i32be, u16be } from '../../../src/bytes/read.ts';
import { hexText } from '../rendezvous/capability.ts';
import { Begins, type HeaderRules } from '../rendezvous/peer-headers.ts';
import { screenName } from '../screen-name.ts';
import { HEADER_LEAST, HEADER_MOST, HEADER_USUAL } from './odc-limits.ts';

export const OdcFlag = { AutoReply: 0x0001, Typing: 0x0002, Typed: 0x0004, Composing: 0x0008 };
export const FLAGS_AT = 38;

const MAGIC = [0x4f, 0x44, 0x43, 0x32]; // ODC2
const SIGNATURE = 10;
const NAME_AT = 44;
const NAME_LENGTH = 32;

export const ODC_HEADERS: HeaderRules = {
  first: 0x4f,
  signature: SIGNATURE,
  begins: beginsHeader,
  length: (buffer, start) => u16be(buffer, start + 4),
};

function beginsHeader(buffer: Uint8Array, start: number, end: number): Begins {
  const there = end - start;
  for (let i = 0; i < 4 && i < there; i++) if (buffer[start + i] !== MAGIC[i]) return Begins.No;
  if (there < SIGNATURE) return Begins.More;
  const length = u16be(buffer, start + 4);
  const most = isKnown(buffer, start) ? HEADER_MOST : HEADER_USUAL;
  return length >= HEADER_LEAST && length <= most ? Begins.Yes : Begins.No;
}

function isKnown(buffer: Uint8Array, start: number): boolean {
  return u16be(buffer, start + 6) === 1 && u16be(buffer, start + 8) === 6;
}

export interface OdcHeader {
  /** Octets of the header itself. */
  readonly length: number;
  /** Type 1, subtype 6: the only one there is. */
  readonly known: boolean;
  readonly cookie: string;
  readonly payload: number;
  readonly charset: string | undefined;
  readonly flags: number;
  /** Canonical; undefined where empty. */
  readonly name: string | undefined;
}

/** All of buffer[start, …) up to the header's length is there. */
export function readOdcHeader(buffer: Uint8Array, start: number): OdcHeader {
  const nameAt = start + NAME_AT;
  const nul = buffer.subarray(nameAt, nameAt + NAME_LENGTH).indexOf(0);
  return {
    length: u16be(buffer, start + 4),
    known: isKnown(buffer, start),
    cookie: hexText(buffer, start + 12, start + 20),
    payload: i32be(buffer, start + 28) >>> 0,
    charset: CHARSETS[u16be(buffer, start + 32)],
    flags: u16be(buffer, start + FLAGS_AT),
    name: screenName(buffer, nameAt, nameAt + (nul === -1 ? NAME_LENGTH : nul)),
  };
}

const CHARSETS: Readonly<Record<number, string>> = { 2: 'unicode-2-0', 3: 'iso-8859-1' };
