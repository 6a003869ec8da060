/** Where the phrases of a query stand in the texts of a content; the index only proposes, this decides. */
import { eventTexts, type SearchedText } from './event-text.ts';
import type { Phrase, TextQuery } from './text-query.ts';
import { type LocatedWord, locateWords, words } from './words.ts';

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
  const said = eventTexts(content);
  // Where words stand costs far more to find out than which they are, and most proposals end here.
  const plain = said.map(({ text }) => words(text));
  const occurs = (phrase: Phrase) => plain.some((some) => placesOf(some, phrase, 1).length > 0);
  if (unwanted.some(occurs) || !wanted.every(occurs)) return undefined;
  const texts = said.map((searched) => ({ searched, located: [...locateWords(searched.text)] }));
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

function occurrences(located: readonly LocatedWord[], phrase: Phrase, most: number): Mark[] {
  const said = located.map(({ word }) => word);
  return placesOf(said, phrase, most).flatMap((at) => {
    const [first, end] = [located[at], located[at + phrase.words.length - 1]];
    return first === undefined || end === undefined ? [] : [{ start: first.start, end: end.end }];
  });
}

/** Where in a row of words it begins. */
function placesOf(
  said: readonly string[],
  { words: wanted, open }: Phrase,
  most: number,
): number[] {
  const found: number[] = [];
  const last = wanted.length - 1;
  for (let at = 0; at + last < said.length && found.length < most; at++) {
    let n = 0;
    while (n < last && said[at + n] === wanted[n]) n += 1;
    if (n < last) continue;
    const [there, word] = [said[at + last], wanted[last] ?? ''];
    if (there === word || (open && there?.startsWith(word) === true)) found.push(at);
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
