/** Text: UTF-8 since 8.0, windows-1250 before; NUL ends it. */
import { utf8, utf8Prefix } from '../../src/bytes/text.ts';
import { onlyWindows1250, windows1250 } from '../../src/bytes/windows-1250.ts';

const NUL = 0;

/** Where the text that starts here ends: at its NUL, or at `end`. */
export function textEnd(buffer: Uint8Array, start: number, end: number): number {
  const nul = buffer.subarray(start, end).indexOf(NUL);
  return nul === -1 ? end : start + nul;
}

/** Undefined where it is empty. */
export function cp1250(buffer: Uint8Array, start: number, end: number): string | undefined {
  return some(windows1250(buffer.subarray(start, Math.max(start, end))));
}

/** UTF-8 if it is valid, else windows-1250: where versions differ. */
export function eitherText(buffer: Uint8Array, start: number, end: number): string | undefined {
  if (end <= start) return undefined;
  const isUtf8 = utf8Prefix(buffer, start, end) === end;
  return isUtf8 ? some(utf8(buffer, start, end)) : cp1250(buffer, start, end);
}

/** Line ends of old clients, a CR LF or a lone CR, become LF. */
export function lines(text: string | undefined): string | undefined {
  return text?.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

export function some(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** Whether the second text is the first one as windows-1250 has it; how wide blanks are does not count. */
export function sameText(first: string, second: string): boolean {
  return bare(first) === bare(second);
}

/** Where windows-1250 has no such character, clients put a question mark or leave it out. */
function bare(text: string): string {
  return onlyWindows1250(text).replaceAll('?', '').replace(BLANKS, ' ').trim();
}

const BLANKS = /[\0-\x20\xa0]+/g;
