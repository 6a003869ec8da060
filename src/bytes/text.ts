/** ASCII words and text inside octets, read in place. Every range is `buffer[start, end)`. */
import { Buffer } from 'node:buffer';
import { windows1252 } from './windows-1252.ts';

// Never fatal: octets that do not decode become U+FFFD. A byte order mark is text like any other.
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Node's own decoder of a range, which needs no view of it: the same text in half the time. Not in its documentation. */
const { utf8Slice } = Buffer.prototype as {
  utf8Slice?: (this: Uint8Array, start: number, end: number) => string;
};

/** The range as UTF-8; octets that do not decode become U+FFFD. */
export function utf8(buffer: Uint8Array, start: number, end: number): string {
  const isInside = start >= 0 && start <= end && end <= buffer.length;
  if (utf8Slice === undefined || !isInside) return UTF8.decode(buffer.subarray(start, end));
  return utf8Slice.call(buffer, start, end);
}

/** The range as UTF-8 if it is valid UTF-8, else as windows-1252. */
export function utf8OrWindows1252(buffer: Uint8Array, start: number, end: number): string {
  return utf8Prefix(buffer, start, end) === end
    ? utf8(buffer, start, end)
    : windows1252(buffer.subarray(start, end));
}

/** Where the longest prefix of the range that is whole, valid UTF-8 (RFC 3629 §4) ends. */
export function utf8Prefix(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const lead = buffer[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > end) return at;
    const second = buffer[at + 1] ?? 0;
    // The second octet rules out overlong forms, surrogates and what lies above U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return at;
    for (let i = 2; i < length; i++) if (((buffer[at + i] ?? 0) & 0xc0) !== 0x80) return at;
    at += length;
  }
  return end;
}

const ENCODER = new TextEncoder();

/** Parts shorter than this are copies in V8 already (its SlicedString::kMinLength). */
const SHORTEST_PART = 13;

/** The same text, without the longer one it was cut from, which engines keep alive for the part. */
export function ownCopy(text: string): string {
  if (text.length < SHORTEST_PART) return text;
  return UTF8.decode(ENCODER.encode(text));
}

/** As ownCopy, at most `limit` characters: of a longer text both ends, since names end in their kind. */
export function boundedCopy(text: string, limit: number): string {
  if (text.length <= limit) return ownCopy(text);
  const half = limit >> 1;
  return ownCopy(`${text.slice(0, half)}…${text.slice(1 + half - limit)}`);
}

/** The octets of an ASCII word. */
export function ascii(word: string): Uint8Array {
  return Uint8Array.from(word, (c) => c.charCodeAt(0));
}

/** Whether the range spells `word` (given in upper-case letters), whatever its case. */
export function spells(buffer: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    let c = buffer[start + i] ?? 0;
    if (c >= 0x61 && c <= 0x7a) c -= 0x20;
    if (c !== word[i]) return false;
  }
  return true;
}

/** Whether `word` stands at `at`, octet for octet. */
export function startsWith(buffer: Uint8Array, at: number, word: Uint8Array): boolean {
  if (buffer.length - at < word.length) return false;
  for (let i = 0; i < word.length; i++) if (buffer[at + i] !== word[i]) return false;
  return true;
}
