/** Where the phrases of a query stand in the texts of a content; the index only proposes, this decides. */
import { eventTexts, type SearchedText } from './event-text.ts';
import type { Phrase, TextQuery } from './text-query.ts';
import { type LocatedWord, locateWords } from './words.ts';

export interface Mark {
  readonly start: number;
  readonly end: number;
}

export interface MarkedText extends SearchedText {
  /** In order, not overlapping. */
  readonly marks: readonly Mark[];
}

/** Marks of one text; more are found, and not shown. */
const MOST_MARKS = 100;

/** The texts of `content` in which something was found; undefined: the query does not hold for it. */
export function findPhrases(
  content: Readonly<Record<string, unknown>>,
  { wanted, unwanted }: TextQuery,
): MarkedText[] | undefined {
  const texts = eventTexts(content).map((searched) => ({
    searched,
    located: [...locateWords(searched.text)],
  }));
  for (const phrase of unwanted) {
    if (texts.some(({ located }) => occurrences(located, phrase, 1).length > 0)) return undefined;
  }
  const marks = new Map<SearchedText, Mark[]>();
  for (const phrase of wanted) {
    let found = false;
    for (const { searched, located } of texts) {
      const here = occurrences(located, phrase, MOST_MARKS);
      if (here.length === 0) continue;
      found = true;
      marks.set(searched, [...(marks.get(searched) ?? []), ...here]);
    }
    if (!found) return undefined;
  }
  return texts.flatMap(({ searched }) => {
    const own = marks.get(searched);
    return own === undefined ? [] : [{ ...searched, marks: united(own) }];
  });
}

function occurrences(
  located: readonly LocatedWord[],
  { words, open }: Phrase,
  most: number,
): Mark[] {
  const found: Mark[] = [];
  const last = words.length - 1;
  for (let at = 0; at + last < located.length && found.length < most; at++) {
    const fits = words.every((word, n) => {
      const there = located[at + n]?.word;
      return there === word || (open && n === last && there?.startsWith(word) === true);
    });
    const [first, end] = [located[at], located[at + last]];
    if (fits && first !== undefined && end !== undefined)
      found.push({ start: first.start, end: end.end });
  }
  return found;
}

function united(marks: readonly Mark[]): Mark[] {
  const result: Mark[] = [];
  for (const mark of [...marks].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const before = result.at(-1);
    if (before === undefined || mark.start >= before.end) result.push(mark);
    else if (mark.end > before.end) result[result.length - 1] = { ...before, end: mark.end };
  }
  return result;
}
