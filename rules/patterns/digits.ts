/** Digits of a text in groups: `4111 1111-1111 1111` is four groups of one run. */
import { digitAt, isInvisible } from './match.ts';

/** Digits read at a time; a longer run is read in pieces that overlap by the longest number. */
const MOST = 1024;
const OVERLAP = 40;

/** One run of digits: single separators inside, none at the ends. Reused by its reader. */
export class DigitRun {
  /** Values, in order. */
  readonly digits: number[] = [];
  /** Index in the text of each digit. */
  readonly places: number[] = [];
  /** Whether a digit is the first, or the last, of its group. */
  readonly opens: boolean[] = [];
  readonly closes: boolean[] = [];

  /** Reads the run, or the piece of a very long one, that starts at the digit `at`; returns where to read on. */
  read(text: string, at: number, separates: (c: number) => boolean): number {
    this.digits.length = this.places.length = this.opens.length = this.closes.length = 0;
    let end = at;
    let opens = at === 0 || digitAt(text, at - 1) < 0;
    let pending = false; // a separator was the last thing read
    for (let i = at; i < text.length; i++) {
      const digit = digitAt(text, i);
      if (digit >= 0) {
        if (this.digits.length === MOST) return this.places[MOST - OVERLAP] ?? i;
        pending = false;
        this.digits.push(digit);
        this.places.push(i);
        this.opens.push(opens);
        this.closes.push(false);
        opens = false;
        end = i + 1;
      } else if (separates(text.charCodeAt(i))) {
        if (pending) break;
        pending = true;
        this.closes[this.closes.length - 1] = true;
        opens = true;
      } else if (!isInvisible(text.charCodeAt(i))) break;
    }
    this.closes[this.closes.length - 1] = true;
    return end;
  }
}
