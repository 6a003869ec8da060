/** Texts of a rendezvous, in the charset that its TLVs name (000D for texts, 2712 for names). */
import { utf8OrWindows1252 } from '../../../src/bytes/text.ts';
import { windows1252 } from '../../../src/bytes/windows-1252.ts';

const UTF_16 = new TextDecoder('utf-16be', { ignoreBOM: true });

/** `charset`: its name as it came (`unicode-2-0`, `utf-8`, `us-ascii`, `iso-8859-1`), or undefined. */
export function charsetText(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): string {
  const name = charset?.toLowerCase() ?? '';
  if (/^unicode-2-0|utf-?16|ucs-?2/.test(name)) return UTF_16.decode(buffer.subarray(start, end));
  if (/8859-1$|1252$|latin/.test(name)) return windows1252(buffer.subarray(start, end));
  // us-ascii, utf-8 and none: clients write what they have.
  return utf8OrWindows1252(buffer, start, end);
}

/** Up to the first NUL; of two octets a character in UTF-16. */
export function untilNul(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): number {
  const wide = /^unicode-2-0|utf-?16|ucs-?2/.test(charset?.toLowerCase() ?? '');
  if (!wide) {
    const nul = buffer.subarray(start, end).indexOf(0);
    return nul === -1 ? end : start + nul;
  }
  for (let i = start; i + 1 < end; i += 2) if (buffer[i] === 0 && buffer[i + 1] === 0) return i;
  return end;
}
