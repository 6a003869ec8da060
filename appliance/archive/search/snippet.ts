/** A stretch of text around what was found, for one line of a terminal. */
import type { Mark, MarkedText } from './find-phrases.ts';

export interface SnippetPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** UTF-16 code units shown before the first hit. */
const BEFORE = 30;
const ELLIPSIS = '…';

/** At most about `length` code units; a hit alone may be longer, and is cut by who shows it. */
export function snippet({ text, marks }: MarkedText, length: number): SnippetPart[] {
  const [first] = marks;
  const start = first === undefined ? 0 : wordStart(text, Math.max(0, first.start - BEFORE));
  const end = Math.min(text.length, start + Math.max(1, length));
  const parts: SnippetPart[] = start > 0 ? [{ text: ELLIPSIS, isHit: false }] : [];
  let at = start;
  for (const mark of marks) {
    if (mark.start >= end) break;
    plain(parts, text, at, mark.start);
    parts.push({ text: text.slice(mark.start, Math.min(mark.end, end)), isHit: true });
    at = mark.end;
  }
  plain(parts, text, at, end);
  if (end < text.length) parts.push({ text: ELLIPSIS, isHit: false });
  return parts;
}

/** Marks of nothing: the beginning of a text that was not asked for by its words. */
export const NO_MARKS: readonly Mark[] = [];

function plain(parts: SnippetPart[], text: string, from: number, to: number): void {
  if (from < to) parts.push({ text: text.slice(from, to), isHit: false });
}

/** Not in the middle of a word where a space is near. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, at + BEFORE / 2).search(/\s/);
  return space < 0 ? at : at + space + 1;
}
