/**
 * What is typed to search for, as phrases of words. There is no syntax that could be wrong, and none of it
 * reaches a database: words are folded (words.ts), and what is no word parts them.
 *
 *     falcon meeting      both words
 *     "falcon meeting"    side by side, in this order
 *     falc*               begins so; also at the end of a phrase
 *     -lunch  -"at noon"  must not occur
 */
import { UserError } from '../../cli/user-error.ts';
import { words } from './words.ts';

/** UTF-16 code units: a page of text is no query. */
const LONGEST = 1000;
const MOST_PHRASES = 32;

export interface Phrase {
  readonly words: readonly string[];
  /** The last word may go on. */
  readonly open: boolean;
}

export interface TextQuery {
  readonly wanted: readonly Phrase[];
  readonly unwanted: readonly Phrase[];
}

/** Quotation marks as they are typed, by telephones too. */
const PARTS = /(?:(?<=^|\s)(-))?(?:["“”„]([^"“”„]*)["“”„]?(\*?)|([^\s"“”„]+))/gu;

/** Throws UserError: it is too long, or there is nothing in it to search for. */
export function readTextQuery(text: string): TextQuery {
  if (text.length > LONGEST) {
    throw new UserError(`the text to search for is longer than ${LONGEST} characters`);
  }
  const wanted: Phrase[] = [];
  const unwanted: Phrase[] = [];
  for (const [, minus, quoted, star, word = ''] of text.matchAll(PARTS)) {
    const said = quoted ?? word;
    const found = words(said);
    if (found.length === 0) continue;
    const open = star === '*' || said.endsWith('*');
    (minus === '-' ? unwanted : wanted).push({ words: found, open });
  }
  if (wanted.length === 0) {
    throw new UserError(
      unwanted.length > 0
        ? 'only words that must not occur: name one that must'
        : 'there is no word in the text to search for',
      'Write words, "a phrase" or the beginning of a word: sallyport archive search \'falc*\'',
    );
  }
  if (wanted.length + unwanted.length > MOST_PHRASES) {
    throw new UserError(`more than ${MOST_PHRASES} words and phrases to search for`);
  }
  return { wanted, unwanted };
}
