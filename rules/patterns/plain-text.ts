/**
 * A text as the scanners of patterns and regular expressions read it: tricks of writing undone,
 * every unit with its place in the original, so that what is found can be masked there.
 *
 * - Plain: each code point by itself in its compatibility form (NFKC: full-width, mathematical,
 *   circled …); any decimal digit as 0-9; dashes, spaces, dots and slashes as their ASCII sign;
 *   format characters (zero-width, soft hyphen, direction marks) and combining marks removed.
 * - Composed: each character with its combining marks in NFKC, format characters removed.
 */

export interface View {
  readonly text: string;
  /** Ranges of the original for ranges of `text`. */
  start(at: number): number;
  end(at: number): number;
  /** Decimal digits in `text`. */
  readonly digits: number;
}

const LARGE = 1 << 16; // units; longer texts are not remembered

/** The text as scanners of patterns see it. */
export function plainView(text: string): View {
  if (lastPlain !== undefined && lastPlain.of === text) return lastPlain.view;
  const view = plain(text);
  lastPlain = text.length > LARGE ? undefined : { of: text, view };
  return view;
}

/** One text is asked for by several patterns in a row. */
let lastPlain: { readonly of: string; readonly view: View } | undefined;

/** The text in NFKC without format characters; undefined when it is so already. */
export function composedView(text: string): View | undefined {
  if (isAscii(text)) return undefined;
  const mapped = new Mapped();
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    const composed = character.normalize('NFKC').replace(FORMAT, '');
    mapped.put(composed, index, index + character.length);
  }
  return mapped.text === text ? undefined : mapped;
}

/** A base and the marks on it; at most so many that normalising stays cheap. */
const CHARACTER = /[^\p{M}]?\p{M}{0,32}/gsu;
const FORMAT = /\p{Cf}|\u034f|\u3164|\u115f|\u1160|\uffa0/gu;

function plain(text: string): View {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x80) return plainOf(text);
    if (c <= 0x39 && c >= 0x30) digits++;
  }
  return new AsIs(text, digits);
}

function plainOf(text: string): View {
  const mapped = new Mapped();
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const end = i + (code > 0xffff ? 2 : 1);
    mapped.put(code < 0x80 ? (text[i] ?? '') : plainForm(code), i, end);
    i = end;
  }
  return mapped;
}

class AsIs implements View {
  readonly text: string;
  readonly digits: number;

  constructor(text: string, digits: number) {
    this.text = text;
    this.digits = digits;
  }

  start(at: number): number {
    return at;
  }

  end(at: number): number {
    return at;
  }
}

class Mapped implements View {
  text = '';
  digits = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  put(form: string, start: number, end: number): void {
    for (let i = 0; i < form.length; i++) {
      const c = form.charCodeAt(i);
      if (c <= 0x39 && c >= 0x30) this.digits++;
      this.#starts.push(start);
      this.#ends.push(end);
    }
    this.text += form;
  }

  start(at: number): number {
    return this.#starts[at] ?? 0;
  }

  end(at: number): number {
    return this.#ends[at - 1] ?? 0;
  }
}

const forms = new Map<number, string>();
const MOST_FORMS = 32_768; // code points remembered

function plainForm(code: number): string {
  const known = forms.get(code);
  if (known !== undefined) return known;
  const form = [...String.fromCodePoint(code).normalize('NFKC')].map(signOf).join('');
  if (forms.size < MOST_FORMS) forms.set(code, form);
  return form;
}

function signOf(c: string): string {
  if (c >= ' ' && c <= '~') return c;
  if (REMOVED.test(c)) return '';
  if (DIGIT.test(c)) return digitOf(c.codePointAt(0) ?? 0);
  if (DASH.test(c)) return '-';
  if (SPACE.test(c)) return ' ';
  if (DOT.test(c)) return '.';
  return SLASH.test(c) ? '/' : c;
}

const REMOVED = /[\p{Cf}\p{Mn}\p{Me}\u3164\u115f\u1160\uffa0]/u;
const DIGIT = /\p{Nd}/u;
const DASH = /[\p{Pd}\u02d7\u2043\u2212\u2796\u30fc\u2500\u2501]/u;
const SPACE = /[\p{Zs}\u2800]/u;
const DOT =
  /[\u00b7\u0387\u06d4\u0701\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\ufe52\uff61\uff65]/u;
const SLASH = /[\u2044\u2215\u29f8\u2571]/u;

/** Decimal digits stand in tens from zero to nine, a few of them side by side (Unicode §4.6). */
function digitOf(code: number): string {
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}
