/**
 * Terms of a record as tsvectors, such that the same is found as in SQLite (FTS5, tokenize=ascii): PostgreSQL's
 * own parsers would cut words their way.
 *
 * A tsvector has limits that a message can pass (PostgreSQL manual, 12.11): 256 positions of a term, positions
 * up to 16383, 1 MB. Terms that do not fit become several vectors, which share their last and first terms so
 * that a phrase of up to PHRASE terms is whole in one of them. A term longer than LONGEST octets stands there
 * as its digest, and by its beginning for those who look for that.
 */
import { createHash } from 'node:crypto';

/** Terms of a phrase that are surely found in their order, in records of several vectors. */
export const PHRASE = 64;

const OCCURRENCES = 255;
const POSITIONS = 16_000;
/** Octets of a vector. */
const SIZE = 256 * 1024;
/** Octets of a term; PostgreSQL allows 2046. */
const LONGEST = 1900;
/** FTS5_MAX_TOKEN_SIZE: what follows is not looked at. */
const LOOKED_AT = 32_768;

/** Octets of 7 bits that are no letter or digit stand between terms. */
const BETWEEN = /[\0-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;

export interface TermVector {
  /** Terms with their positions, which count from 1. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
  /** Octets of it, at most. */
  readonly size: number;
}

/** Text that is as FTS5 sees it already, but for what stands between terms: most of what comes. */
const PLAIN = /^[^A-Z\ud800-\udfff]*$/;

/** As FTS5 sees a text. */
export function termsIn(text: string): string[] {
  const terms = text.split(BETWEEN).filter((term) => term !== '');
  return PLAIN.test(text) ? terms : terms.map(folded);
}

function folded(term: string): string {
  return term.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).toWellFormed();
}

/** One vector where it can be. No terms: none. */
export function termVectors(terms: readonly string[]): TermVector[] {
  const vectors: TermVector[] = [];
  let from = 0;
  while (from < terms.length) {
    const { vector, to } = fill(terms, from);
    vectors.push(vector);
    if (to >= terms.length) break;
    from = to - (PHRASE - 1);
  }
  return vectors;
}

function fill(terms: readonly string[], from: number): { vector: TermVector; to: number } {
  const positions = new Map<string, number[]>();
  let size = 4;
  let to = from;
  for (; to < terms.length && to - from < POSITIONS && size <= SIZE; to += 1) {
    const term = terms[to] ?? '';
    const long = isLong(term);
    // A long term's digest and beginning have marks that no term can have.
    const form = long ? digest(term) : term;
    const start = long ? beginning(term) : undefined;
    if (isOften(positions.get(form)) || (start && isOften(positions.get(start)))) break;
    size += place(positions, form, to - from + 1);
    if (start !== undefined) size += place(positions, start, to - from + 1);
  }
  return { vector: { positions, size }, to };
}

function isOften(at: readonly number[] | undefined): boolean {
  return at !== undefined && at.length >= OCCURRENCES;
}

/** Octets that it takes, at most. */
function place(positions: Map<string, number[]>, form: string, position: number): number {
  const at = positions.get(form);
  if (at === undefined) {
    positions.set(form, [position]);
    return 3 * form.length + 8;
  }
  at.push(position);
  return 2;
}

/** What to look for: the term, or (`prefix`) what begins with it, in a tsquery. */
export function lexemeQuery(term: string, prefix: boolean): string {
  if (!prefix) return `'${isLong(term) ? digest(term) : term}'`;
  // Beyond what is kept of it, its beginning decides.
  return isLong(term) ? `'${beginning(term)}'` : `'${term}':*`;
}

function isLong(term: string): boolean {
  return term.length * 3 > LONGEST && Buffer.byteLength(term) > LONGEST;
}

function digest(term: string): string {
  const octets = Buffer.from(term).subarray(0, LOOKED_AT);
  return `#${createHash('sha256').update(octets).digest('hex')}`;
}

function beginning(term: string): string {
  // A character that is cut leaves U+FFFD: taken away, so that a prefix of the term is one of this.
  const text = Buffer.from(term).subarray(0, LONGEST).toString();
  return `${text.replace(/\ufffd$/, '')}+`;
}
