/**
 * The body of a packet: `key C0 80 value C0 80 …`, in order, keys repeat (dossier §3). Ranges only;
 * strings are made for what is asked for. Odd keys are read as libpurple reads them, since on
 * peer-to-peer connections no server stands between: white space and a sign before the digits and
 * anything after them are passed over, a key without an octet takes no value.
 */
import { decoded } from './text-value.ts';
import { PAIRS_LIMIT } from './ymsg-limits.ts';

const NOTHING = new Uint8Array(0);
const FIRST = 0xc0;
const SECOND = 0x80;
const LONGEST_KEY = 62; // octets
const MOST_DIGITS = 9;
/** Pairs beyond which it is remembered where each key stands last: handlers ask again for every event. */
const FEW = 32;

export class Pairs {
  #buffer: Uint8Array = NOTHING;
  /** Three numbers a pair: key, value [start, end). */
  readonly #ranges: number[] = [];
  /** Of a body of many pairs, once it was asked for: the last pair of each key. */
  readonly #lasts = new Map<number, number>();
  badKeys = false;
  unterminated = false;
  trailing = false;
  tooMany = false;

  /** Reads buffer[start, end), which is kept until `clear`. */
  read(buffer: Uint8Array, start: number, end: number): void {
    this.#buffer = buffer;
    this.#ranges.length = 0;
    if (this.#lasts.size > 0) this.#lasts.clear();
    this.badKeys = this.unterminated = this.trailing = this.tooMany = false;
    let at = start;
    while (at < end) {
      if (buffer[at] === 0) {
        this.trailing = true;
        return;
      }
      const keyEnd = separator(buffer, at, end);
      if (keyEnd === -1) {
        this.unterminated = true;
        return;
      }
      const key = this.#key(at, keyEnd);
      at = keyEnd + 2;
      if (key === NO_KEY) {
        at += 2;
        continue;
      }
      const valueEnd = separator(buffer, at, end);
      if (this.#ranges.length >= 3 * PAIRS_LIMIT) {
        this.tooMany = true;
        return;
      }
      this.#ranges.push(key, Math.min(at, end), valueEnd === -1 ? end : valueEnd);
      if (valueEnd === -1) {
        this.unterminated = true;
        return;
      }
      at = valueEnd + 2;
      // Seen behind values of mail notices.
      if (buffer[at] === 1) at += 1;
    }
  }

  /** Nothing lent is kept. */
  clear(): void {
    this.#buffer = NOTHING;
    this.#ranges.length = 0;
    if (this.#lasts.size > 0) this.#lasts.clear();
  }

  get size(): number {
    return this.#ranges.length / 3;
  }

  /** Memory of the table, octets. */
  get held(): number {
    return 8 * this.#ranges.length;
  }

  key(i: number): number {
    return this.#ranges[3 * i] ?? -1;
  }

  start(i: number): number {
    return this.#ranges[3 * i + 1] ?? 0;
  }

  end(i: number): number {
    return this.#ranges[3 * i + 2] ?? 0;
  }

  get buffer(): Uint8Array {
    return this.#buffer;
  }

  /** Index of the first pair with this key at or behind `from`, or -1. */
  find(key: number, from = 0, to = this.size): number {
    for (let i = from; i < to; i++) if (this.key(i) === key) return i;
    return -1;
  }

  /** Index of the last pair with this key before `to`, or -1. */
  last(key: number, from = 0, to = this.size): number {
    if (from === 0 && to === this.size && to > FEW) return this.#lastOf(key);
    for (let i = to - 1; i >= from; i--) if (this.key(i) === key) return i;
    return -1;
  }

  #lastOf(key: number): number {
    const lasts = this.#lasts;
    if (lasts.size === 0) for (let i = 0; i < this.size; i++) lasts.set(this.key(i), i);
    return lasts.get(key) ?? -1;
  }

  /** The value of the last pair with this key, as receivers take it; undefined where absent or empty. */
  text(key: number, legacy = false, from = 0, to = this.size): string | undefined {
    const i = this.last(key, from, to);
    return i === -1 ? undefined : this.at(i, legacy);
  }

  /** The value of the i-th pair; undefined where it is empty. */
  at(i: number, legacy = false): string | undefined {
    const start = this.start(i);
    const end = this.end(i);
    return end > start ? decoded(this.#buffer, start, end, legacy) : undefined;
  }

  /** The value of the last pair with this key as a number, read as strtol does; undefined where absent. */
  number(key: number, from = 0, to = this.size): number | undefined {
    const i = this.last(key, from, to);
    return i === -1 ? undefined : this.numberAt(i);
  }

  numberAt(i: number): number | undefined {
    const end = this.end(i);
    let at = this.start(i);
    const negative = this.#buffer[at] === 0x2d;
    if (negative) at += 1;
    let value = -1;
    for (let digits = 0; at < end && digits < 15; at++, digits++) {
      const digit = (this.#buffer[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value < 0 ? digit : value * 10 + digit;
    }
    return value < 0 ? undefined : negative ? -value : value;
  }

  /** The last value of this key is this ASCII word, whatever its case. */
  is(key: number, word: string): boolean {
    const i = this.last(key);
    return i !== -1 && this.#spells(i, word);
  }

  #spells(i: number, word: string): boolean {
    const start = this.start(i);
    if (this.end(i) - start < word.length) return false;
    for (let n = 0; n < word.length; n++) {
      let c = this.#buffer[start + n] ?? 0;
      if (c >= 0x61 && c <= 0x7a) c -= 0x20;
      if (c !== word.charCodeAt(n)) return false;
    }
    return true;
  }

  #key(start: number, end: number): number {
    if (start === end || end - start > LONGEST_KEY) {
      this.badKeys = true;
      return NO_KEY;
    }
    let at = start;
    while (at < end && isSpace(this.#buffer[at] ?? 0)) at++;
    const sign = this.#buffer[at];
    if (sign === 0x2b || sign === 0x2d) at++;
    let key = -1;
    for (let digits = 0; at < end && digits < MOST_DIGITS; at++, digits++) {
      const digit = (this.#buffer[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      key = key < 0 ? digit : key * 10 + digit;
    }
    // strtol takes a leading zero, which nobody writes.
    const first = this.#buffer[start] ?? 0;
    const plain = at === end && isDigit(first) && (first !== ZERO || end - start === 1);
    if (!plain) this.badKeys = true;
    if (key < 0) return 0;
    return sign === 0x2d && key !== 0 ? -2 - key : key;
  }
}

const NO_KEY = -1;
const ZERO = 0x30;

function isDigit(octet: number): boolean {
  return octet >= ZERO && octet <= 0x39;
}

function isSpace(octet: number): boolean {
  return octet === 0x20 || (octet >= 0x09 && octet <= 0x0d);
}

/** Where the next C0 80 begins, or -1. */
function separator(buffer: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end - 1; at++) {
    if (buffer[at] === FIRST && buffer[at + 1] === SECOND) return at;
  }
  return -1;
}
