/**
 * Text in the character sets of OSCAR. Messages name theirs by number (u16 charset of the fragment),
 * rooms, away texts and profiles by a MIME label. Clients lie: what says ASCII or ISO 8859-1 and is
 * valid UTF-8 is UTF-8; else windows-1252, of which both are part.
 */
import { utf8, utf8OrWindows1252 } from '../../src/bytes/text.ts';

export const Charset = { Ascii: 0, Utf16: 2, Latin1: 3, Utf8: 0x0d } as const;

/** Octets of a label that are looked at; whatever stands before the name in it. */
const LABEL_LIMIT = 4096;
const UTF16 = new TextDecoder('utf-16be', { ignoreBOM: true });

export function decodeText(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: number,
): string {
  const wide = charset === Charset.Utf16 || isMislabelled(buffer, start, end);
  if (wide) return withoutMark(UTF16.decode(buffer.subarray(start, end)));
  return utf8OrWindows1252(buffer, start, end);
}

/**
 * UTF-16 that passes for another character set (Open OSCAR Server labels away texts so): NULs stand in
 * the upper halves only, and in a quarter of all octets.
 */
export function isMislabelled(buffer: Uint8Array, start: number, end: number): boolean {
  if (((end - start) & 1) === 1 || buffer.subarray(start, end).indexOf(0) === -1) return false;
  let upper = 0;
  for (let at = start; at < end; at += 2) {
    if (buffer[at] === 0) upper += 1;
    if (buffer[at + 1] === 0) return false;
  }
  return upper * 4 >= end - start;
}

/**
 * The number for a label as `text/aolrtf; charset="unicode-2-0"`, `us-ascii`, `utf-8`, `iso-8859-1`.
 * A label that is not known is read as ASCII is.
 */
export function charsetOfLabel(buffer: Uint8Array, start: number, end: number): number {
  const label = utf8(buffer, start, Math.min(end, start + LABEL_LIMIT)).toLowerCase();
  if (/unicode-2-0|utf-?16|ucs-?2/.test(label)) return Charset.Utf16;
  if (label.includes('utf-8')) return Charset.Utf8;
  return label.includes('8859-1') ? Charset.Latin1 : Charset.Ascii;
}

/** Neither a byte order mark nor the NULs that some clients end a text with are text. */
function withoutMark(text: string): string {
  return withoutNul(text.startsWith('\ufeff') ? text.slice(1) : text);
}

export function withoutNul(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** Where the octets of a text end before its NULs. */
export function endBeforeNul(buffer: Uint8Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && buffer[stop - 1] === 0) stop--;
  return stop;
}
