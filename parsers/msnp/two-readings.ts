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
const TYPES = /content-type[ \t]*:([^\r\n;]{1,80})/gi;

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

/** How somebody else may take a payload: as this type, with a body from `start` on. */
export interface Reading {
  readonly type: string;
  readonly start: number;
}

/**
 * The readings that buffer[start, end) allows besides that of `headers`, whose body begins at `body`; none
 * where everybody reads it alike.
 */
export function otherReadings(
  headers: HeaderBlock,
  buffer: Uint8Array,
  start: number,
  body: number,
  end: number,
): Reading[] {
  // Of very many fields the last ones are not looked at.
  const one = headers.count('content-type') < 2 && headers.refused === 0;
  if (one && isRegular(buffer, start, body)) return [];
  const stop = headersEnd(buffer, start, end);
  const found = new Map<string, Reading>();
  for (const [, written = ''] of utf8(buffer, start, stop).matchAll(TYPES)) {
    const type = written.trim().toLowerCase();
    found.set(type, { type, start: Math.min(stop + 3, end) });
  }
  return [...found.values()];
}

/** The LF of the last header, before the first empty line that is CR LF; the end where there is none. */
function headersEnd(buffer: Uint8Array, start: number, end: number): number {
  for (let lf = find(buffer, LF, start, end); lf !== -1; lf = find(buffer, LF, lf + 1, end)) {
    if (buffer[lf - 1] === CR && buffer[lf + 1] === CR && buffer[lf + 2] === LF) return lf;
  }
  return end;
}
