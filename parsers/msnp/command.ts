/**
 * One command, read in place: where its parameters are, nothing allocated.
 *
 *   command = verb *( 1*SP param ) CRLF [ payload ]      dossier msnp.md §3
 * The verb is three letters or the three digits of an error.
 */
import { find } from '../../src/bytes/find.ts';
import { canonical, unescaped } from './escapes.ts';
import { LENGTH_DIGITS, PARAMS_LIMIT } from './msnp-limits.ts';
import type { Verb } from './verbs.ts';

const SPACE = 0x20;
const AT = 0x40;
const PERCENT = 0x25;
const EMPTY = new Uint8Array(0);

export class MsnpCommand {
  buffer: Uint8Array = EMPTY;
  start = 0;
  /** Where the line ends, without its CR LF. */
  lineEnd = 0;
  /** The payload: [payloadStart, end) of the buffer; empty for a line alone. */
  payloadStart = 0;
  end = 0;
  /** In upper case, whatever was written. */
  verb: Verb = 0;
  /** The verb was not written in upper case. */
  lowerCase = false;
  /** Something else than a space stands between parameters. */
  oddBlank = false;
  /** Parameters found, at most PARAMS_LIMIT of them readable. */
  count = 0;
  readonly #starts = new Int32Array(PARAMS_LIMIT);
  readonly #ends = new Int32Array(PARAMS_LIMIT);

  /** Reads the line buffer[start, end), without its CR LF. False where no command stands there. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    this.buffer = buffer;
    this.start = start;
    this.lineEnd = end;
    this.payloadStart = this.end = end;
    this.count = 0;
    this.verb = 0;
    if (end - start < 3) return false;
    if (end - start > 3 && !isBlank(buffer[start + 3])) return false;
    this.lowerCase = this.oddBlank = false;
    for (let i = 0; i < 3; i++) {
      let octet = buffer[start + i] ?? 0;
      if (octet >= 0x61 && octet <= 0x7a) {
        octet -= 0x20;
        this.lowerCase = true;
      }
      const isWord = (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x30 && octet <= 0x39);
      if (!isWord) return false;
      this.verb = (this.verb << 8) | octet;
    }
    this.#params(start + 3, end);
    return true;
  }

  clear(): void {
    this.buffer = EMPTY;
  }

  is(verb: Verb): boolean {
    return this.verb === verb;
  }

  paramStart(i: number): number {
    return this.#starts[i] ?? 0;
  }
  paramEnd(i: number): number {
    return this.#ends[i] ?? 0;
  }

  /** Parameter `i`, its escapes undone; '' where there is none. */
  param(i: number): string {
    if (i < 0 || i >= this.count || i >= PARAMS_LIMIT) return '';
    return unescaped(this.buffer, this.paramStart(i), this.paramEnd(i));
  }

  /** Parameter `i` as a person's canonical address; '' where there is none. */
  address(i: number): string {
    return canonical(this.param(i));
  }

  /** Whether parameter `i` spells `letters`, case and all. */
  isParam(i: number, letters: string): boolean {
    if (i >= this.count || this.paramEnd(i) - this.paramStart(i) !== letters.length) return false;
    const from = this.paramStart(i);
    for (let n = 0; n < letters.length; n++) {
      if (this.buffer[from + n] !== letters.charCodeAt(n)) return false;
    }
    return true;
  }

  /** Parameter `i` as a decimal number of at most ten digits; -1 where it is none. */
  decimal(i: number): number {
    if (i < 0 || i >= this.count || i >= PARAMS_LIMIT) return -1;
    return decimalIn(this.buffer, this.paramStart(i), this.paramEnd(i));
  }

  contains(i: number, octet: number): boolean {
    if (i < 0 || i >= this.count) return false;
    return find(this.buffer, octet, this.paramStart(i), this.paramEnd(i)) !== -1;
  }

  /** Whether there is an `@` in parameter `i`, also as `%40`: nothing is made. */
  isAddress(i: number): boolean {
    if (this.contains(i, AT)) return true;
    if (!this.contains(i, PERCENT)) return false;
    const end = this.paramEnd(i) - 2;
    for (let at = this.paramStart(i); at < end; at++) {
      const isIt = this.buffer[at] === PERCENT && this.buffer[at + 1] === 0x34;
      if (isIt && this.buffer[at + 2] === 0x30) return true;
    }
    return false;
  }

  get last(): number {
    return this.count - 1;
  }

  /** Whether the first parameter is a transaction's number; '0' is none. */
  get transaction(): string | undefined {
    const number = this.decimal(0);
    return number > 0 ? String(number) : undefined;
  }

  #params(start: number, end: number): void {
    const { buffer } = this;
    let at = start;
    for (;;) {
      while (at < end && isBlank(buffer[at])) {
        if (buffer[at] !== SPACE) this.oddBlank = true;
        at++;
      }
      if (at >= end) return;
      const from = at;
      while (at < end && !isBlank(buffer[at])) at++;
      // The last one is kept in the last place: it may count a payload.
      const place = Math.min(this.count, PARAMS_LIMIT - 1);
      this.#starts[place] = from;
      this.#ends[place] = at;
      if (this.count < PARAMS_LIMIT) this.count += 1;
    }
  }
}

/** The decimal number that buffer[start, end) spells, or -1. */
export function decimalIn(buffer: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > LENGTH_DIGITS) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] ?? 0;
    if (octet < 0x30 || octet > 0x39) return -1;
    value = value * 10 + octet - 0x30;
  }
  return value;
}

/** What Escargot splits at: white space and separators of ASCII; the protocol has spaces only. */
function isBlank(octet: number | undefined): boolean {
  const c = octet ?? 0;
  return c === SPACE || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
}
