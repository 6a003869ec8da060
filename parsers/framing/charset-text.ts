/** Octets as text in the charset that a MIME header names (WHATWG labels); UTF-8 where it names none. */

import { utf8, utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { windows1252 } from '../../src/bytes/windows-1252.ts';

const KEPT = 16; // decoders
const decoders = new Map<string, InstanceType<typeof TextDecoder> | undefined>();
// As browsers and clients read all of them (WHATWG Encoding §4.2).
const WINDOWS_1252_NAMES = /^(?:windows-1252|x?-?cp-?1252|iso_?-?8859-1|latin-?1|l1)$/i;
const UTF8_NAMES = /^(?:utf-?8|us-ascii|ascii)$/i;

/** Octets that do not decode become U+FFFD; an unknown charset is read as UTF-8 or windows-1252. */
export function charsetText(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): string {
  if (charset === undefined) return utf8OrWindows1252(buffer, start, end);
  if (UTF8_NAMES.test(charset)) return utf8(buffer, start, end);
  if (WINDOWS_1252_NAMES.test(charset)) return windows1252(buffer.subarray(start, end));
  const decoder = decoderOf(charset.toLowerCase());
  if (decoder === undefined) return utf8OrWindows1252(buffer, start, end);
  return decoder.decode(buffer.subarray(start, end));
}

/** Whether the text stands octet for octet as UTF-8 in the range. */
export function isUtf8Text(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): boolean {
  if (charset !== undefined && !UTF8_NAMES.test(charset)) return false;
  return utf8Prefix(buffer, start, end) === end;
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | undefined {
  if (decoders.has(label)) return decoders.get(label);
  if (label.length > 40) return undefined;
  if (decoders.size >= KEPT) decoders.clear();
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    decoder = new TextDecoder(label, { ignoreBOM: true });
  } catch {
    decoder = undefined; // no such charset
  }
  decoders.set(label, decoder);
  return decoder;
}
