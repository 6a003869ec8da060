/**
 * How a segment of the spool begins, numbers big-endian, and what its file is called:
 *
 *     "SPSPOOL1"        8 octets
 *     spool            16 octets, a random name of the folder's own
 *     generation    u64  how often the spool had been opened
 *     first         u64  number of its first entry
 *     made          u64  milliseconds since 1970
 *     check         u32  CRC-32 of all before it
 *
 * That of a sealed one has "SPSPOOL2", and more behind it: sealed-header.ts.
 */
import { crc32 } from 'node:zlib';

const MAGIC = {
  plain: Buffer.from('SPSPOOL1', 'latin1'),
  sealed: Buffer.from('SPSPOOL2', 'latin1'),
} as const;
export type SegmentForm = keyof typeof MAGIC;
/** A program that knows no sealed segments leaves them alone. */
const ENDING = { plain: 'spool', sealed: 'sealed' } as const;
export const SEGMENT_HEADER = 52;

export interface SegmentHeader {
  /** 32 hex digits. */
  readonly spool: string;
  readonly generation: number;
  readonly first: number;
  /** Milliseconds since 1970. */
  readonly made: number;
}

export function writeSegmentHeader(
  { spool, generation, first, made }: SegmentHeader,
  form: SegmentForm = 'plain',
): Buffer {
  const octets = Buffer.alloc(SEGMENT_HEADER);
  octets.set(MAGIC[form], 0);
  octets.set(Buffer.from(spool, 'hex'), 8);
  octets.writeBigUInt64BE(BigInt(generation), 24);
  octets.writeBigUInt64BE(BigInt(first), 32);
  octets.writeBigUInt64BE(BigInt(made), 40);
  octets.writeUInt32BE(crc32(octets.subarray(0, 48)), 48);
  return octets;
}

/** Of either form, where none is asked for. undefined: it is none, or damaged. */
export function readSegmentHeader(octets: Buffer, form?: SegmentForm): SegmentHeader | undefined {
  if (octets.length < SEGMENT_HEADER) return undefined;
  const magic = octets.subarray(0, 8);
  const found = magic.equals(MAGIC.plain) ? 'plain' : magic.equals(MAGIC.sealed) ? 'sealed' : '';
  if (found === '' || (form !== undefined && form !== found)) return undefined;
  if (crc32(octets.subarray(0, 48)) !== octets.readUInt32BE(48)) return undefined;
  return {
    spool: octets.toString('hex', 8, 24),
    generation: Number(octets.readBigUInt64BE(24)),
    first: Number(octets.readBigUInt64BE(32)),
    made: Number(octets.readBigUInt64BE(40)),
  };
}

export interface NamedSegment {
  readonly generation: number;
  readonly first: number;
  readonly form: SegmentForm;
}

/** Names sort by generation, then by first entry. */
export function segmentName(
  generation: number,
  first: number,
  form: SegmentForm = 'plain',
): string {
  return `${digits(generation, 8)}-${digits(first, 14)}.${ENDING[form]}`;
}

/** undefined: another file. */
export function readSegmentName(name: string): NamedSegment | undefined {
  const parts = /^(\d{8,16})-(\d{14,16})\.(spool|sealed)$/.exec(name);
  if (parts === null) return undefined;
  const form = parts[3] === ENDING.sealed ? 'sealed' : 'plain';
  return { generation: Number(parts[1]), first: Number(parts[2]), form };
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}
