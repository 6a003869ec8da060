/**
 * Where characters of a text stand in the octets that it was read from: verbatim in UTF-8, in an encoding of
 * one octet a character, or in UTF-16. Undefined where it is none of these: then nothing can be masked in place.
 */
import type { TextRange } from '../subject.ts';

export function octetRanges(
  octets: Uint8Array,
  text: string,
  ranges: readonly TextRange[],
): TextRange[] | undefined {
  const starts =
    utf8Starts(octets, text) ?? singleStarts(octets, text) ?? utf16Starts(octets, text);
  if (starts === undefined) return undefined;
  return ranges.map(({ start, end }) => ({
    start: starts[start] ?? octets.length,
    end: starts[end] ?? octets.length,
  }));
}

/** The octet at which each UTF-16 unit of the text begins; its last entry is the end. */
type Starts = number[];

function utf8Starts(octets: Uint8Array, text: string): Starts | undefined {
  const starts: Starts = [];
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (at + length > octets.length) return undefined;
    let read = octets[at] ?? 0;
    if (length > 1) {
      read &= 0x7f >> length;
      for (let i = 1; i < length; i++) read = (read << 6) | ((octets[at + i] ?? 0) & 0x3f);
    }
    if (read !== code) return undefined;
    for (let i = 0; i < character.length; i++) starts.push(at);
    at += length;
  }
  if (at !== octets.length) return undefined;
  starts.push(at);
  return starts;
}

function singleStarts(octets: Uint8Array, text: string): Starts | undefined {
  if (octets.length !== text.length) return undefined;
  const starts: Starts = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Above ASCII the encoding decides which character an octet is.
    if (code < 0x80 ? octets[i] !== code : (octets[i] ?? 0) < 0x80) return undefined;
    starts.push(i);
  }
  starts.push(text.length);
  return starts;
}

function utf16Starts(octets: Uint8Array, text: string): Starts | undefined {
  if (octets.length !== 2 * text.length) return undefined;
  const starts: Starts = [];
  for (const high of [0, 1]) {
    starts.length = 0;
    let agrees = true;
    for (let i = 0; agrees && i < text.length; i++) {
      const unit = ((octets[2 * i + high] ?? 0) << 8) | (octets[2 * i + 1 - high] ?? 0);
      agrees = unit === text.charCodeAt(i);
      starts.push(2 * i);
    }
    if (agrees) {
      starts.push(octets.length);
      return starts;
    }
  }
  return undefined;
}
