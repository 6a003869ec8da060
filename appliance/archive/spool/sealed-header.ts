/**
 * How a sealed segment begins, numbers big-endian: its header (segment-header.ts) with "SPSPOOL2", then
 *
 *     key        u32    number of a key in keys.db
 *     wrapped  60       the key of this segment, wrapped by that one
 *     check      u32    CRC-32 of all before it
 *
 * all of that twice: nothing of the segment can be read without it.
 */
import { crc32 } from 'node:zlib';
import { NONCE_OCTETS, TAG_OCTETS } from '../vault/stored-form.ts';
import type { WrappedKey } from '../vault/wrapped-key.ts';
import { KEY_OCTETS } from '../vault/wrapping.ts';
import {
  readSegmentHeader,
  SEGMENT_HEADER,
  type SegmentHeader,
  writeSegmentHeader,
} from './segment-header.ts';

const WRAPPED_AT = SEGMENT_HEADER + 4;
const CHECK_AT = WRAPPED_AT + NONCE_OCTETS + KEY_OCTETS + TAG_OCTETS;
const COPY = CHECK_AT + 4;
export const SEALED_HEADER = 2 * COPY;

export interface SealedHeader {
  readonly header: SegmentHeader;
  readonly wrapped: WrappedKey;
}

export function writeSealedHeader({ header, wrapped }: SealedHeader): Buffer {
  const copy = Buffer.alloc(COPY);
  copy.set(writeSegmentHeader(header, 'sealed'), 0);
  copy.writeUInt32BE(wrapped.number, SEGMENT_HEADER);
  copy.set(wrapped.octets, WRAPPED_AT);
  copy.writeUInt32BE(crc32(copy.subarray(0, CHECK_AT)), CHECK_AT);
  return Buffer.concat([copy, copy]);
}

/** undefined: it is none, or damaged in both copies. */
export function readSealedHeader(octets: Buffer): SealedHeader | undefined {
  return readCopy(octets) ?? readCopy(octets.subarray(COPY));
}

function readCopy(octets: Buffer): SealedHeader | undefined {
  const header = readSegmentHeader(octets, 'sealed');
  if (header === undefined || octets.length < COPY) return undefined;
  if (crc32(octets.subarray(0, CHECK_AT)) !== octets.readUInt32BE(CHECK_AT)) return undefined;
  const number = octets.readUInt32BE(SEGMENT_HEADER);
  return {
    header,
    wrapped: { number, octets: Buffer.from(octets.subarray(WRAPPED_AT, CHECK_AT)) },
  };
}
