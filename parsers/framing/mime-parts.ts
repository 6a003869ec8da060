/**
 * The parts of a multipart body (RFC 2046 §5.1): what stands between `--boundary` lines, each with its
 * own headers. A missing closing line ends with the body. Linear in the body.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const BOUNDARY_LIMIT = 200; // octets; RFC 2046 allows 70

/** [start, end) of each part, headers and all; at most `limit` of them. */
export function mimeParts(
  buffer: Uint8Array,
  start: number,
  end: number,
  boundary: string,
  limit: number,
): (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [];
  if (boundary === '' || boundary.length > BOUNDARY_LIMIT) return parts;
  const word = ascii(`--${boundary}`);
  let open = -1; // where the part under way begins
  for (let at = start; at < end; ) {
    const found = buffer.indexOf(LF, at);
    const next = found === -1 || found >= end ? end : found + 1;
    if (at + word.length <= end && startsWith(buffer, at, word)) {
      if (open !== -1) parts.push([open, Math.max(open, lineEndBefore(buffer, at, open))]);
      const after = at + word.length;
      const closes = buffer[after] === DASH && buffer[after + 1] === DASH && after + 2 <= end;
      if (closes || parts.length >= limit) return parts;
      open = next;
    }
    at = next;
  }
  if (open !== -1 && open < end) parts.push([open, end]);
  return parts;
}

/** The line end before a boundary belongs to the boundary. */
function lineEndBefore(buffer: Uint8Array, at: number, from: number): number {
  let stop = at;
  if (stop > from && buffer[stop - 1] === LF) stop--;
  if (stop > from && buffer[stop - 1] === CR) stop--;
  return stop;
}
