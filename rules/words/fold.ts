/**
 * Folds text so that spelling tricks cost the evader something: compatibility forms (NFKD), case,
 * combining marks, zero-width and other format characters, letters of other scripts that look
 * Latin, and runs of white space all become one plain form.
 *
 * Each code point is folded by itself (white space runs apart), so wherever a text contains a
 * literal, the folded text contains the folded literal: the automaton relies on that.
 */
const SPACE = 0x20;
const UNKNOWN = 1; // not yet looked at
const SEVERAL = 2; // more than one unit: in `long`
const NOTHING = 3; // removed
const table = new Uint16Array(0x10000).fill(UNKNOWN);
const long = new Map<number, Uint16Array>();
const astral = new Map<number, number>();
const MOST_ASTRAL = 32_768; // code points remembered; emoji and historic scripts are fewer

/** Latin letters by their look-alikes, in lower case (Unicode TR 39, the common ones). */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аαɑᴀ',
  b: 'вβʙᴃ',
  c: 'сϲᴄ',
  d: 'ԁđᴅ',
  e: 'еεєᴇ',
  f: 'ꜰ',
  g: 'ɡɢ',
  h: 'һнħʜ',
  i: 'іιɪ',
  j: 'јϳᴊ',
  k: 'кκᴋ',
  l: 'ӏłʟ',
  m: 'мᴍ',
  n: 'ηɴ',
  o: 'оοσøᴏ',
  p: 'рρᴘ',
  q: 'ԛ',
  r: 'ʀ',
  s: 'ѕꜱ',
  t: 'тτᴛ',
  u: 'υᴜ',
  v: 'ѵνᴠ',
  w: 'ԝωᴡ',
  x: 'хχ',
  y: 'уγʏ',
  z: 'ᴢ',
  '-': '\u2010\u2011\u2012\u2013\u2014\u2015\u2212',
  "'": '\u2018\u2019\u02bc',
  '"': '\u201c\u201d',
};
const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, alike]) => [...alike].map((c) => [c, latin])),
);
const REGIONAL_A = 0x1f1e6; // 🇦 … 🇿 spell words too

/** One code point folded; empty when it is removed. */
function foldCodePoint(code: number): string {
  if (code >= REGIONAL_A && code < REGIONAL_A + 26) {
    return String.fromCharCode(0x61 + code - REGIONAL_A);
  }
  let text = String.fromCodePoint(code);
  for (let i = 0; i < 2; i++) text = text.normalize('NFKD').toUpperCase().toLowerCase();
  text = text.normalize('NFKD').replace(/[\p{Mn}\p{Me}\p{Cf}\u3164\u115f\u1160\uffa0\u2800]/gu, '');
  return Array.from(text, (c) => LATIN.get(c) ?? c)
    .join('')
    .replace(/[\s\u0085]/gu, ' ');
}

function learn(code: number): number {
  const folded = foldCodePoint(code);
  // The first control characters double as marks of this table and mean nothing in a word.
  let kept = folded.length === 0 ? NOTHING : Math.max(folded.charCodeAt(0), NOTHING + 1);
  if (folded.length > 1) {
    long.set(
      code,
      Uint16Array.from(folded, (_, i) => folded.charCodeAt(i)),
    );
    kept = SEVERAL;
  }
  if (code < 0x10000) table[code] = kept;
  else if (astral.size < MOST_ASTRAL) astral.set(code, kept);
  return kept;
}

/** A text folded; reused, so read it before the next fold. */
export class Folded {
  /** UTF-16 units of the folded text. */
  units: Uint16Array = new Uint16Array(256);
  length = 0;
  /** Where each unit came from in the original; filled only when asked. */
  origins: Uint32Array = new Uint32Array(0);
  #tracked = false;

  /** Folds `text`; with `track`, origins[i] is the original index of unit i. */
  fold(text: string, track = false): void {
    this.length = 0;
    this.#tracked = track;
    if (track && this.origins.length < this.units.length) this.#grow(this.units.length);
    for (let i = track ? 0 : this.#foldAscii(text); i < text.length; i++) {
      const at = i;
      let code = text.charCodeAt(i);
      if (code >= 0xd800 && code < 0xdc00) {
        const point = text.codePointAt(i) ?? code;
        if (point > 0xffff) i++;
        code = point;
      }
      let folded = code < 0x10000 ? (table[code] ?? UNKNOWN) : (astral.get(code) ?? UNKNOWN);
      if (folded === UNKNOWN) folded = learn(code);
      if (folded > NOTHING) this.#put(folded, at);
      else if (folded === SEVERAL) {
        for (const unit of long.get(code) ?? []) this.#put(unit, at);
      }
    }
  }

  /** Most texts are ASCII, of which each unit is one: folds up to the first that is not, and returns its index. */
  #foldAscii(text: string): number {
    if (this.units.length < text.length) this.#grow(text.length);
    const { units } = this;
    let length = 0;
    let before = 0;
    let i = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) break;
      let folded = table[code] ?? UNKNOWN;
      if (folded === UNKNOWN) folded = learn(code);
      if (folded <= NOTHING) break;
      if (folded === SPACE && before === SPACE) continue;
      units[length++] = folded;
      before = folded;
    }
    this.length = length;
    return i;
  }

  #put(unit: number, at: number): void {
    if (unit === SPACE && this.length > 0 && this.units[this.length - 1] === SPACE) return;
    if (this.length === this.units.length) this.#grow(this.length * 2);
    this.units[this.length] = unit;
    if (this.#tracked) this.origins[this.length] = at;
    this.length++;
  }

  #grow(size: number): void {
    if (size > this.units.length) {
      const units = new Uint16Array(size);
      units.set(this.units);
      this.units = units;
    }
    if (!this.#tracked) return;
    const origins = new Uint32Array(this.units.length);
    origins.set(this.origins);
    this.origins = origins;
  }

  /** Gives back the memory of an unusually long text. */
  trim(): void {
    if (this.units.length > 1 << 16) this.units = new Uint16Array(256);
    if (this.origins.length > this.units.length) this.origins = new Uint32Array(0);
  }
}

const shared = new Folded();

/** `text` folded. */
export function fold(text: string): string {
  let out = '';
  shared.fold(text);
  for (let i = 0; i < shared.length; i += 4096) {
    out += String.fromCharCode(...shared.units.subarray(i, Math.min(shared.length, i + 4096)));
  }
  shared.trim();
  return out;
}

/** Whether a folded unit is part of a word: a letter, a digit, or half of an astral character. */
export function isWordUnit(unit: number): boolean {
  return WORD_UNITS[unit] === 1;
}

const WORD_UNITS = new Uint8Array(0x10000);
for (let unit = 0x30; unit < 0x10000; unit++) {
  const astral = unit >= 0xd800 && unit < 0xe000;
  if (astral || /[\p{L}\p{N}]/u.test(String.fromCharCode(unit))) WORD_UNITS[unit] = 1;
}
