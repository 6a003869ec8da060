/**
 * Words as the index of an encrypting archive has them: HMAC-SHA256 with the index key, cut to 60 bits, base32.
 * The same word gives the same term everywhere, or nothing could be found; docs/archive.md says what that leaks.
 */
import { createHmac, type KeyObject } from 'node:crypto';
import { Recent } from './recent.ts';

/** Letters and digits that no index takes apart; a letter first, so that none is read as a number. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const FIRST = 'abcdefghijklmnopabcdefghijklmnop';
/** 59 bits: among 10 million words two share a term with a chance of 1 in 10 000. */
const CHARACTERS = 12;
/** Words whose terms are remembered: about 10 MB. */
const REMEMBERED = 50_000;

export class BlindTerms {
  readonly #key: KeyObject;
  readonly #known = new Recent<string, string>(REMEMBERED);

  constructor(key: KeyObject) {
    this.#key = key;
  }

  of(words: readonly string[]): string[] {
    return words.map((word) => this.#term(word));
  }

  #term(word: string): string {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', this.#key).update(word).digest();
    let term = FIRST[(digest[0] ?? 0) & 31] ?? '';
    for (let i = 1; i < CHARACTERS; i++) term += ALPHABET[(digest[i] ?? 0) & 31];
    this.#known.set(word, term);
    return term;
  }
}
