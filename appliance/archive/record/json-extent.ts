/**
 * Where values of JSON end in a line of octets: in what encodeEvent writes, without white space and escapes. A
 * place of 0 says that it is written in another way, or that it does not end before `to`.
 */

/** Events of ours are four levels deep. */
const DEPTH = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** The same octet four times, and the highest bit of each. */
const ONES = 0x01010101;
const HIGH = 0x80808080 | 0;

/** Of the text whose first octet, behind its quotation mark, is at `at`: where the closing mark stands. */
export function textEnd(view: DataView, octets: Uint8Array, at: number, to: number): number {
  let i = at;
  // Four at a time, as long as none of them ends it: an octet less than 1 (or 0x20) borrows from its highest bit.
  for (; i + 4 <= to; i += 4) {
    const four = view.getInt32(i, true);
    const quote = four ^ (QUOTE * ONES);
    const backslash = four ^ (BACKSLASH * ONES);
    const ends =
      ((quote - ONES) & ~quote) |
      ((backslash - ONES) & ~backslash) |
      ((four - SPACE * ONES) & ~four);
    if ((ends & HIGH) !== 0) break;
  }
  for (; i < to; i++) {
    const c = octets[i] as number;
    if (c === QUOTE) return i;
    if (c === BACKSLASH || c < SPACE) return 0;
  }
  return 0;
}

/** Behind a plain number, as versions and packets are counted. */
export function numberEnd(octets: Uint8Array, at: number, to: number): number {
  let end = at;
  while (end < to && isDigit(octets[end])) end += 1;
  const length = end - at;
  const isPlain = length > 0 && length < 16 && (length === 1 || octets[at] !== 0x30);
  return isPlain ? end : 0;
}

/** Behind an object or a list. What stands between brackets and texts is left to JSON.parse. */
export function nestedEnd(view: DataView, octets: Uint8Array, at: number, to: number): number {
  const first = octets[at];
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return 0;
  let depth = 0;
  for (let i = at; i < to; i++) {
    const c = octets[i] as number;
    if (c === QUOTE) {
      i = textEnd(view, octets, i + 1, to);
      if (i === 0) return 0;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      depth += 1;
      if (depth > DEPTH) return 0;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (c <= SPACE) return 0;
  }
  return 0;
}

function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x30 && octet <= 0x39;
}
