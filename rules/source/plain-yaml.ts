/**
 * The YAML that rule sets are made of, read in one pass: block collections, flow collections, scalars on
 * one line. Whatever else stands in a text (anchors, tags, block scalars, tabs, a key twice, every mistake)
 * makes it not plain, and the yaml library reads all of it. What is accepted here has the
 * value and the places that the library gives it (plain-yaml.test.ts compares them), and whatever is told
 * of a text comes from the library alone, which takes seconds for 10 000 rules; this takes a tenth of one.
 */
import { isScalar, Schema } from 'yaml';
import type { Mark, Member } from './mark.ts';

/** Less than any limit of yaml-document.ts: two characters hold at most one node. */
const MOST_DEPTH = 32;
const MOST_LENGTH = 8_000_000;

export interface PlainYaml {
  readonly value: unknown;
  readonly mark: Mark;
  /** Offsets at which lines begin. */
  readonly lines: number[];
}

/** Undefined when the text is not plain. */
export function readPlainYaml(text: string): PlainYaml | undefined {
  if (text.length > MOST_LENGTH || UNUSUAL.test(text)) return undefined;
  try {
    return { ...new Reader(text).document(), lines: lineStarts(text) };
  } catch (fault) {
    if (fault instanceof NotPlain) return undefined;
    throw fault;
  }
}

/** Controls (tabs and carriage returns too), and what one reader or another takes for white space. */
const UNUSUAL =
  /[^\n\x20-\x7e\u00a1-\u167f\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufefe\uff00-\uffef]/;

// Sticky expressions: each is tried at one offset.
const KEY = /[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(?=:[ \n])/y;
const FLOW_KEY = /[A-Za-z0-9][A-Za-z0-9_.-]{0,99}(?=: )/y;
const START = '(?:[A-Za-z0-9_/.+~$(^\\\\;\\u00a1-\\ufefe\\uff00-\\uffef]|-(?=[A-Za-z0-9.]))';
const BLOCK_PLAIN = new RegExp(`${START}(?:[^\\n:# ]+|:(?=[^ \\n])|(?<! )#| )*`, 'y');
const FLOW_PLAIN = new RegExp(`${START}(?:[^\\n:# ,[\\]{}]+|:(?=[^ \\n,[\\]{}])|(?<! )#| )*`, 'y');
const SINGLE = /'(?:[^'\n]|'')*'/y;
/** With the escapes that mean the same in JSON. */
const DOUBLE = /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const LINE_END = / *(?: #[^\n]*)?(?:\n|$)/y;

/** What a plain scalar that is no text begins with, and the tags that the library tries on it. */
const MAY_BE_NO_TEXT = /^[-+.0-9~nNtTfF]/;
const TAGS = new Schema({ schema: 'core' }).tags.filter((tag) => tag.default === true);

class NotPlain extends Error {}

interface Read {
  readonly value: unknown;
  readonly mark: Mark;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #lineStart = 0;
  /** Columns before the content of the line at hand; NONE when the text is over. */
  #indent = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Read {
    this.#toContent();
    if (this.#indent === 0 && this.#text.startsWith('---', this.#at)) {
      this.#at += 3;
      this.#lineEnd();
    }
    if (this.#indent !== 0) throw new NotPlain();
    const read = this.#map(0, 0);
    if (!this.#isOver()) throw new NotPlain();
    return read;
  }

  #map(indent: number, depth: number): Read {
    const at = this.#at;
    const map = new MapRead(depth);
    do {
      const keyAt = this.#at;
      const key = this.#take(KEY);
      map.add(key, keyAt, this.#memberValue(indent, depth + 1));
    } while (this.#indent === indent);
    if (this.#indent > indent) throw new NotPlain();
    return { value: map.value, mark: { at, members: map.members } };
  }

  /** What stands after a key: on its line, or on the lines below. */
  #memberValue(indent: number, depth: number): Read {
    this.#at++; // the colon
    this.#skipSpaces();
    const next = this.#text[this.#at];
    if (next !== '\n' && next !== '#') {
      return this.#lineValue(indent, depth);
    }
    this.#at--; // the space before a comment; where there is none, the colon
    if (this.#text[this.#at] === ':') this.#at++;
    this.#lineEnd();
    if (this.#indent < indent) throw new NotPlain();
    if (this.#isItem()) return this.#seq(depth);
    if (this.#indent === indent) throw new NotPlain();
    if (OPENS.has(this.#text[this.#at] ?? '')) return this.#lineValue(indent, depth);
    return this.#map(this.#indent, depth);
  }

  #seq(depth: number): Read {
    if (depth > MOST_DEPTH) throw new NotPlain();
    const at = this.#at;
    const indent = this.#indent;
    const value: unknown[] = [];
    const items: Mark[] = [];
    do {
      const read = this.#item(indent, depth + 1);
      value.push(read.value);
      items.push(read.mark);
    } while (this.#indent === indent && this.#isItem());
    if (this.#indent > indent) throw new NotPlain();
    return { value, mark: { at, items } };
  }

  #item(indent: number, depth: number): Read {
    this.#at++; // the dash
    this.#skipSpaces();
    KEY.lastIndex = this.#at;
    if (KEY.test(this.#text)) return this.#map(this.#at - this.#lineStart, depth);
    return this.#lineValue(indent, depth);
  }

  /** A scalar or flow collection that nothing follows on its line, below what stands at `indent`. */
  #lineValue(indent: number, depth: number): Read {
    const read = this.#inline(BLOCK_PLAIN, indent, depth);
    this.#lineEnd();
    return read;
  }

  #isOver(): boolean {
    return this.#indent === NONE;
  }

  #isItem(): boolean {
    return this.#text.startsWith('- ', this.#at);
  }

  #inline(plain: RegExp, indent: number, depth: number): Read {
    const mark = this.#at;
    switch (this.#text[mark]) {
      case '{':
        return this.#flowMap(indent, depth);
      case '[':
        return this.#flowSeq(indent, depth);
      case "'": {
        return { value: this.#take(SINGLE).slice(1, -1).replaceAll("''", "'"), mark };
      }
      case '"': {
        const value: unknown = JSON.parse(this.#take(DOUBLE));
        return { value, mark };
      }
      default: {
        const written = this.#take(plain);
        const scalar = written.trimEnd();
        this.#at -= written.length - scalar.length;
        return { value: coreValue(scalar), mark };
      }
    }
  }

  #flowMap(indent: number, depth: number): Read {
    const at = this.#at;
    const map = new MapRead(depth);
    while (this.#hasMore('}', map.members.size, indent)) {
      const keyAt = this.#at;
      const key = this.#take(FLOW_KEY);
      this.#at++; // the colon
      this.#skipSpaces();
      map.add(key, keyAt, this.#inline(FLOW_PLAIN, indent, depth + 1));
    }
    return { value: map.value, mark: { at, members: map.members } };
  }

  #flowSeq(indent: number, depth: number): Read {
    if (depth > MOST_DEPTH) throw new NotPlain();
    const at = this.#at;
    const value: unknown[] = [];
    const items: Mark[] = [];
    while (this.#hasMore(']', items.length, indent)) {
      const read = this.#inline(FLOW_PLAIN, indent, depth + 1);
      value.push(read.value);
      items.push(read.mark);
    }
    return { value, mark: { at, items } };
  }

  /** Whether another element follows the bracket or the element at hand; passes what is between. */
  #hasMore(close: string, elements: number, indent: number): boolean {
    if (elements === 0) this.#at++; // the bracket
    this.#skipLines(indent);
    if (elements > 0 && this.#text[this.#at] === ',') {
      this.#at++;
      this.#skipLines(indent);
    } else if (elements > 0 && this.#text[this.#at] !== close) throw new NotPlain();
    if (this.#text[this.#at] !== close) return true;
    this.#at++;
    return false;
  }

  /** Spaces and, inside a flow collection, line ends; what follows stands deeper than `indent`. */
  #skipLines(indent: number): void {
    this.#skipSpaces();
    if (this.#text[this.#at] !== '\n') return;
    while (this.#text[this.#at] === '\n') {
      this.#lineStart = ++this.#at;
      this.#skipSpaces();
    }
    if (this.#at - this.#lineStart <= indent) throw new NotPlain();
  }

  #take(expression: RegExp): string {
    const from = this.#at;
    expression.lastIndex = from;
    if (!expression.test(this.#text)) throw new NotPlain();
    this.#at = expression.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++;
  }

  #lineEnd(): void {
    this.#take(LINE_END);
    this.#toContent();
  }

  /** From the start of a line to the next thing that is neither white space nor a comment. */
  #toContent(): void {
    for (;;) {
      this.#lineStart = this.#at;
      this.#skipSpaces();
      const next = this.#text[this.#at];
      if (next === undefined) {
        this.#indent = NONE;
        return;
      }
      if (next !== '\n' && next !== '#') {
        this.#indent = this.#at - this.#lineStart;
        return;
      }
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
    }
  }
}

const NONE = -1;
const SPACE = 0x20;
/** What a value on a line of its own begins with, that is no block collection. */
const OPENS: ReadonlySet<string> = new Set(['{', '[', "'", '"']);

class MapRead {
  readonly value: Record<string, unknown> = {};
  readonly members = new Map<string, Member>();

  constructor(depth: number) {
    if (depth > MOST_DEPTH) throw new NotPlain();
  }

  add(key: string, keyAt: number, { value, mark }: Read): void {
    if (this.members.has(key) || coreValue(key) !== key) throw new NotPlain();
    this.value[key] = value;
    this.members.set(key, { key: keyAt, mark });
  }
}

/** The value of a plain scalar in the core schema. */
function coreValue(written: string): unknown {
  if (!MAY_BE_NO_TEXT.test(written)) return written;
  for (const tag of TAGS) {
    if (tag.collection !== undefined || tag.test?.test(written) !== true) continue;
    const value: unknown = tag.resolve(written, refuse, {});
    return isScalar(value) ? value.value : value;
  }
  return written;
}

function refuse(): never {
  throw new NotPlain();
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n') + 1; at > 0; at = text.indexOf('\n', at) + 1) starts.push(at);
  return starts;
}
