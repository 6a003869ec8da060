/** Digits of a text in groups: `4111 1111-1111 1111` is four groups of one run. */
import { isDigit } from './match.ts';

/** Digits read at a time; a longer run is read in pieces that overlap by the longest number. */
const MOST = 1024;
const OVERLAP = 40;

/** One run of digits: single separators inside, none at the ends. Reused by its reader; what is behind `length` is old. */
export class DigitRun {
  /** Digits of the run. */
  length = 0;
  /** Values, in order. */
  readonly digits = new Uint8Array(MOST);
  /** Index in the text of each digit. */
  readonly places = new Uint32Array(MOST);
  /** 1 where a digit is the first, or the last, of its group. */
  readonly opens = new Uint8Array(MOST);
  readonly closes = new Uint8Array(MOST);
  /** The separator before each digit, 0 where there is none. */
  readonly separators = new Uint8Array(MOST);

  /** Reads the run, or the piece of a very long one, that starts at the digit `at`; returns where to read on. */
  read(text: string, at: number, separates: (c: number) => boolean): number {
    let count = 0;
    let end = at;
    let opens = at === 0 || !isDigit(text.charCodeAt(at - 1)) ? 1 : 0;
    let separator = 0; // the last thing read, if it was one
    for (let i = at; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (isDigit(c)) {
        if (count === MOST) {
          this.length = count;
          return this.places[MOST - OVERLAP] ?? i;
        }
        this.digits[count] = c - 0x30;
        this.places[count] = i;
        this.opens[count] = opens;
        this.closes[count] = 0;
        this.separators[count] = separator;
        count++;
        separator = 0;
        opens = 0;
        end = i + 1;
      } else if (separator === 0 && separates(c)) {
        separator = c;
        this.closes[count - 1] = 1;
        opens = 1;
      } else break;
    }
    this.closes[count - 1] = 1;
    this.length = count;
    return end;
  }

  /**
   * Whether digits [first, first + length) are separated as people separate one number: by spaces
   * and dashes, or by one and the same sign, or into groups of four.
   */
  isOneNumber(first: number, length: number): boolean {
    let seen = 0;
    let mixed = false;
    let quads = true;
    for (let i = first + 1; i < first + length; i++) {
      const separator = this.separators[i] ?? 0;
      if ((separator !== 0) !== ((i - first) % 4 === 0)) quads = false;
      if (separator === 0) continue;
      const kind = separator === DASH ? SPACE : separator;
      if (seen !== 0 && seen !== kind) mixed = true;
      seen = kind;
    }
    return !mixed || quads;
  }
}

const SPACE = 0x20;
const DASH = 0x2d;
