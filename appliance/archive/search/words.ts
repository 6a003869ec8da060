/**
 * Text as the words that the search index knows: the same for both databases, for what is archived and for
 * what is asked.
 *
 * Folded: compatibility forms (NFKC), case, diacritics and what shows nothing are gone, so that `Ｆａｌｃｏｎ`,
 * `fal<U+200B>con` and `FALCÓN` are found as one would type them. A word is a run of letters, digits and marks;
 * scripts written without spaces give one word a character, found again as phrases; so do emoji.
 */

/** Characters. What is longer is cut into words of this length, in a row: nothing is lost. */
export const WORD_CHARACTERS = 64;
/** Words of one text: positions in PostgreSQL's index end at 16 383. What follows is archived, and not indexed. */
export const TEXT_WORDS = 16_000;

/** UTF-16 code units of one text that are looked at, however few words they are. */
export const TEXT_CODE_UNITS = 1 << 20;

/** A word, and where it stands in the text as it was given: UTF-16 code units. */
export interface LocatedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const ASCII_WORDS = /[a-z0-9]{1,64}/g;
/** What cannot be part of a word ends a chunk, and 4096 characters do. Chunks are folded alone: nothing reaches over ASCII signs. */
const CHUNKS = /[^\0-/:-@[-`{-\x7f]{1,4096}/gu;
/** Written without spaces between words. */
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{sc=${script}}`)
  .join('');
const LETTER = '[\\p{L}\\p{M}\\p{N}]';
const WORDS = new RegExp(
  `[${LETTER}&&[${UNSPACED}]]|[${LETTER}--[${UNSPACED}]]{1,${WORD_CHARACTERS}}|\\p{Extended_Pictographic}`,
  'gv',
);
/** A character with the marks and joiners that follow it. */
const CLUSTERS = /[\s\S][\p{M}\p{Default_Ignorable_Code_Point}]*/gu;

/** Marks in a row that are looked at (UAX #15, stream-safe text): putting more of them in order takes quadratic time. */
const MARKS = 30;
const PILES = new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu');
/** Most words of a day's talk are the same few thousand; folding them is what takes time. */
const REMEMBERED = 8192;
const REMEMBERED_LENGTH = 24;
const folded = new Map<string, readonly string[]>();

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Accents and points: Latin, Greek, Cyrillic, Hebrew, Arabic. Vowel signs of other scripts are letters in effect. */
const DIACRITICS = new RegExp(
  [
    '\\u0300-\\u036f\\u0483-\\u0487\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7',
    '\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed',
  ]
    .map((ranges) => `[${ranges}]`)
    .join('|'),
  'gu',
);
/** Letters with a stroke, and those that Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ς: 'σ',
  ı: 'i',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  æ: 'ae',
  œ: 'oe',
};
const OTHER_LETTERS = /[ßςıøłđħæœ]/g;

/** The words of a text, folded, in order; at most TEXT_WORDS. */
export function words(whole: string): string[] {
  const text = beginningOf(whole);
  if (isAscii(text)) return limited(text.toLowerCase().match(ASCII_WORDS) ?? []);
  const found: string[] = [];
  for (const [chunk] of text.matchAll(CHUNKS)) {
    for (const word of chunkWords(chunk)) found.push(word);
    if (found.length >= TEXT_WORDS) break;
  }
  return limited(found);
}

/** The same words, each with its place. */
export function* locateWords(whole: string): Generator<LocatedWord> {
  const text = beginningOf(whole);
  let left = TEXT_WORDS;
  for (const { 0: chunk, index } of text.matchAll(CHUNKS)) {
    for (const { word, start, end } of isAscii(chunk) ? plainPlaces(chunk) : places(chunk)) {
      if (left === 0) return;
      left -= 1;
      yield { word, start: index + start, end: index + end };
    }
  }
}

function* plainPlaces(chunk: string): Generator<LocatedWord> {
  for (let start = 0; start < chunk.length; start += WORD_CHARACTERS) {
    const end = Math.min(chunk.length, start + WORD_CHARACTERS);
    yield { word: chunk.slice(start, end).toLowerCase(), start, end };
  }
}

/** Character by character, where that folds to the same as the whole chunk; else each word stands for all of it. */
function* places(chunk: string): Generator<LocatedWord> {
  const whole = fold(chunk);
  let shown = '';
  /** Where the character stands that each code unit of `shown` came from. */
  const from: number[] = [];
  const to: number[] = [];
  for (const { 0: cluster, index } of chunk.matchAll(CLUSTERS)) {
    const part = fold(cluster);
    shown += part;
    for (let i = 0; i < part.length; i++) {
      from.push(index);
      to.push(index + cluster.length);
    }
  }
  const exact = shown === whole;
  for (const { 0: word, index } of whole.matchAll(WORDS)) {
    const start = exact ? (from[index] ?? 0) : 0;
    const end = exact ? (to[index + word.length - 1] ?? chunk.length) : chunk.length;
    yield { word, start, end };
  }
}

function chunkWords(chunk: string): readonly string[] {
  if (isAscii(chunk)) return chunk.toLowerCase().match(ASCII_WORDS) ?? [];
  const known = folded.get(chunk);
  if (known !== undefined) return known;
  const found = fold(chunk).match(WORDS) ?? [];
  if (chunk.length > REMEMBERED_LENGTH) return found;
  if (folded.size >= REMEMBERED) folded.clear();
  folded.set(chunk, found);
  return found;
}

function fold(text: string): string {
  const tame = text.length > MARKS ? text.replace(PILES, '$1') : text;
  return tame
    .replace(IGNORABLE, '')
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toLowerCase()
    .replace(DIACRITICS, '')
    .replace(OTHER_LETTERS, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKC');
}

function limited(found: string[]): string[] {
  return found.length > TEXT_WORDS ? found.slice(0, TEXT_WORDS) : found;
}

function beginningOf(text: string): string {
  return text.length > TEXT_CODE_UNITS ? text.slice(0, TEXT_CODE_UNITS) : text;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
