/** Texts of NMDC: no character set is named, and `$`, `|`, `&` are written as `&#36;`, `&#124;`, `&amp;`. */
import { utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';

const AMPERSAND = 0x26;
const ESCAPE = /&(#36|#124|amp);/g;
const CHARACTERS: Readonly<Record<string, string>> = { '#36': '$', '#124': '|', amp: '&' };

export function nmdcText(buffer: Uint8Array, start: number, end: number): string {
  const text = utf8OrWindows1252(buffer, start, end);
  return text.includes('&') ? text.replace(ESCAPE, (_, name) => CHARACTERS[name] ?? '') : text;
}

/** Whether the text stands in the octets as it is said. */
export function isVerbatim(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] === AMPERSAND) return false;
  return utf8Prefix(buffer, start, end) === end;
}

/** The octets of a text as NMDC sends it. */
export function escaped(text: string): string {
  return text.replace(/[&$|]/g, (c) => (c === '&' ? '&amp;' : c === '$' ? '&#36;' : '&#124;'));
}
