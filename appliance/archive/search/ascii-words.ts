/** The words of words.ts, of octets of ASCII: most of what is said needs no Unicode, and not even a text. */
import { WORD_CHARACTERS } from './words.ts';

/** Octets of a text; a longer one is left to words.ts. */
const LONGEST = 4096;
/** One space more for each word that is cut. */
const scratch = Buffer.alloc(LONGEST + LONGEST / WORD_CHARACTERS + 1);

const SPACE = 0x20;
const CASE = 0x20;
/** By octet: what stands for it in a word; 0: it is not part of one. */
const FOLDED = new Uint8Array(128);
for (let c = 0x30; c <= 0x39; c++) FOLDED[c] = c;
for (let c = 0x61; c <= 0x7a; c++) {
  FOLDED[c] = c;
  FOLDED[c - CASE] = c;
}

/** A space between two of them. undefined: it is not ASCII, or too long. */
export function asciiWords(octets: Uint8Array, from: number, to: number): string | undefined {
  if (to - from > LONGEST) return undefined;
  let end = 0;
  /** Characters of the word at the end. */
  let length = 0;
  for (let i = from; i < to; i++) {
    const c = octets[i] as number;
    if (c > 0x7f) return undefined;
    const folded = FOLDED[c] as number;
    if (folded === 0) {
      length = 0;
      continue;
    }
    if (length === WORD_CHARACTERS) length = 0;
    if (length === 0 && end > 0) scratch[end++] = SPACE;
    scratch[end++] = folded;
    length += 1;
  }
  return scratch.toString('latin1', 0, end);
}
