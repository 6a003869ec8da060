/**
 * A client's command: words parted by spaces. A word in `"` or between `{` and `}` may hold spaces; a
 * backslash makes the next octet stand for itself, in any word. A `"` that something else than a space
 * follows ends no word: Open OSCAR Server reads on behind it.
 *
 *   toc_send_im bob "say \"hi\"" auto
 *
 * Source: dossier oscar.md §7.
 */
import { WORDS_LIMIT } from './toc-limits.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

export interface Word {
  /** Escapes undone. */
  readonly octets: Uint8Array;
  /** Where the word stands in the frame if nothing was undone in it, else -1. */
  readonly at: number;
}

export interface Words {
  readonly words: readonly Word[];
  /** A quoted word has no end. */
  readonly open: boolean;
  /** There are more words than are read. */
  readonly more: boolean;
}

export function clientWords(buffer: Uint8Array, start: number, end: number): Words {
  const words: Word[] = [];
  let open = false;
  let at = start;
  while (at < end) {
    if ((buffer[at] ?? 0) <= SPACE) {
      at += 1;
      continue;
    }
    if (words.length >= WORDS_LIMIT) return { words, open, more: true };
    const first = buffer[at];
    const closing = first === QUOTE ? QUOTE : first === OPEN ? CLOSE : SPACE;
    const from = closing === SPACE ? at : at + 1;
    const to = endOf(buffer, from, end, closing);
    if (to === end && closing !== SPACE) open = true;
    words.push(wordAt(buffer, from, to));
    at = to + 1;
  }
  return { words, open, more: false };
}

function endOf(buffer: Uint8Array, from: number, end: number, closing: number): number {
  for (let at = from; at < end; at++) {
    if (buffer[at] === BACKSLASH) at += 1;
    else if (buffer[at] === closing && isEnd(buffer, at, end, closing)) return at;
  }
  return end;
}

function isEnd(buffer: Uint8Array, at: number, end: number, closing: number): boolean {
  return closing !== QUOTE || at + 1 === end || buffer[at + 1] === SPACE;
}

function wordAt(buffer: Uint8Array, from: number, to: number): Word {
  const range = buffer.subarray(from, to);
  if (!range.includes(BACKSLASH)) return { octets: range, at: from };
  const undone = new Uint8Array(range.length);
  let used = 0;
  for (let at = 0; at < range.length; at++) {
    if (range[at] === BACKSLASH && at + 1 < range.length) at += 1;
    undone[used++] = range[at] ?? 0;
  }
  return { octets: undone.subarray(0, used), at: -1 };
}
