/**
 * Headers that receivers do not read alike. Where lines end in CR or LF alone, or the type stands there twice,
 * some see another type, or another beginning of the body (libpurple: CR LF only, the last type counts; the
 * official client takes CR alone): what is nothing to one is a message to the other.
 */
import { find } from '../../src/bytes/find.ts';
import { utf8 } from '../../src/bytes/text.ts';
import type { HeaderBlock } from '../framing/header-block.ts';

const CR = 0x0d;
const LF = 0x0a;
const PLAIN = /content-type[ \t]*:[ \t]*text\/plain/i;

/** All lines of buffer[start, end) end in CR LF. */
export function isRegular(buffer: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (buffer[at] === LF) return false;
    if (buffer[at] !== CR) continue;
    if (at + 1 >= end || buffer[at + 1] !== LF) return false;
    at += 1;
  }
  return true;
}

/** Whether somebody may take buffer[start, end) for a text, whatever the headers are to others. `body`: where theirs begins. */
export function mayBeText(
  headers: HeaderBlock,
  buffer: Uint8Array,
  start: number,
  body: number,
  end: number,
): boolean {
  if (headers.count('content-type') < 2 && isRegular(buffer, start, body)) return false;
  return PLAIN.test(utf8(buffer, start, headersEnd(buffer, start, end)));
}

/** The first CR LF CR LF; the end where there is none. */
function headersEnd(buffer: Uint8Array, start: number, end: number): number {
  for (let lf = find(buffer, LF, start, end); lf !== -1; lf = find(buffer, LF, lf + 1, end)) {
    if (buffer[lf - 1] === CR && buffer[lf + 1] === CR && buffer[lf + 2] === LF) return lf;
  }
  return end;
}
