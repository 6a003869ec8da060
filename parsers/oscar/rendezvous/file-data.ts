/**
 * TLV 2711 of a proposal to send files:
 *
 *   u16 subtype (1 one file, 2 several or a folder) · u16 files · u32 octets in all · name · NUL [· junk]
 *
 * The name of a folder is `folder\*`. TLV 2712 names the charset of the name; else UTF-8 or windows-1252.
 * Source: dossier oscar.md §5.
 */
import { i32be, u16be } from '../../../src/bytes/read.ts';
import { charsetText, untilNul } from './text-charset.ts';

export interface FileData {
  readonly name: string | undefined;
  readonly size: number;
  readonly files: number;
}

const HEAD = 8;

/** Of buffer[start, end), or undefined where its numbers are missing. */
export function readFileData(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): FileData | undefined {
  if (end - start < HEAD) return undefined;
  const nameEnd = untilNul(buffer, start + HEAD, end, charset);
  const name = charsetText(buffer, start + HEAD, nameEnd, charset);
  return {
    name: name === '' ? undefined : name,
    size: i32be(buffer, start + 4) >>> 0,
    files: u16be(buffer, start + 2),
  };
}
