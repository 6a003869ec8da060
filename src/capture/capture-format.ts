/** Which format a file has, by its first octets and never by its name. */
import { i32be, i32le } from '../bytes/read.ts';
import { PcapMagic } from './pcap-reader.ts';

export const CaptureFormat = {
  Pcap: 0,
  Pcapng: 1,
  Gzip: 2,
  Zstd: 3,
  Unknown: 4,
} as const;
export type CaptureFormat = (typeof CaptureFormat)[keyof typeof CaptureFormat];

/** Octets that detection wants to see; with fewer it says Unknown unless they suffice. */
export const MAGIC_OCTETS = 8;

const SECTION_HEADER = 0x0a0d0d0a;
const ZSTD_FRAME = 0xfd2fb528 | 0;
const ZSTD_SKIPPABLE = 0x184d2a5; // 16 magic numbers, without the last four bits

export function detectFormat(buffer: Uint8Array, start: number, end: number): CaptureFormat {
  if (end - start >= 4) {
    const big = i32be(buffer, start);
    const little = i32le(buffer, start);
    if (big === SECTION_HEADER) return CaptureFormat.Pcapng;
    for (const magic of Object.values(PcapMagic)) {
      if (big === magic || little === magic) return CaptureFormat.Pcap;
    }
    if (little === ZSTD_FRAME || little >>> 4 === ZSTD_SKIPPABLE) return CaptureFormat.Zstd;
  }
  if (end - start >= 2 && buffer[start] === 0x1f && buffer[start + 1] === 0x8b) {
    return CaptureFormat.Gzip;
  }
  return CaptureFormat.Unknown;
}

/** What other files begin with, so that a message can name them. */
const LOOKS_LIKE: readonly (readonly [string, string])[] = [
  ['snoop\0\0\0', 'a Solaris snoop capture'],
  ['XCP\0', 'a NetXRay or Windows Sniffer capture'],
  ['GMBU', 'a Microsoft Network Monitor capture'],
  ['RTSS', 'a Microsoft Network Monitor 1 capture'],
  ['btsnoop', 'a Bluetooth snoop capture'],
  ['TRSNIFF data', 'a Network General Sniffer capture'],
  ['\x7fver', 'a packet log of a WildPackets tool'],
  ['MDMP', 'a crash dump'],
  ['BZh', 'a bzip2 file (decompress it first: bzip2 -dc FILE | … -)'],
  ['\xfd7zXZ', 'an xz file (decompress it first: xz -dc FILE | … -)'],
  ['\x04\x22\x4d\x18', 'an LZ4 file (decompress it first: lz4 -dc FILE | … -)'],
  ['PK\x03\x04', 'a ZIP archive (unpack it first)'],
  ['7z\xbc\xaf', 'a 7-Zip archive (unpack it first)'],
  ['Rar!', 'a RAR archive (unpack it first)'],
  ['\x7fELF', 'a program'],
  ['{', 'JSON text'],
  ['<', 'XML or HTML text'],
  ['#!', 'a script'],
];

const SUPPORTED = 'pcap and pcapng are read, plain or compressed by gzip or zstd';

/** One sentence for the user on a file that is neither. */
export function describeUnknown(buffer: Uint8Array, start: number, end: number): string {
  if (end === start) return `the file is empty; ${SUPPORTED}`;
  const head = Array.from(buffer.subarray(start, Math.min(end, start + 16)));
  const text = String.fromCharCode(...head);
  for (const [magic, name] of LOOKS_LIKE) {
    if (text.startsWith(magic)) return `this looks like ${name}; ${SUPPORTED}`;
  }
  if (
    head.every((octet) =>
      octet >= 0x20 ? octet < 0x7f : octet === 9 || octet === 10 || octet === 13,
    )
  ) {
    return `this looks like text, not a capture file; ${SUPPORTED}`;
  }
  const hex = head.slice(0, 4).map((octet) => octet.toString(16).padStart(2, '0'));
  return `not a capture file (it begins with ${hex.join(' ')}); ${SUPPORTED}`;
}
