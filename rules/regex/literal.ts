/**
 * Literals that a regular expression needs: if it matches a text, one of them is in the text,
 * folded. A small reader of RE2's grammar that answers "none" wherever it is not sure.
 *
 *   alternation = sequence *( "|" sequence )
 *   sequence    = *( atom [ quantifier ] )
 *   atom        = literal / escape / class / "." / assertion / "(" [ flags ] alternation ")"
 */
import { fold } from '../words/fold.ts';

const LEAST = 3; // characters; shorter ones are in every text
const MOST = 64; // alternatives
const DEEPEST = 50;

/** Folded literals of which any match contains one; undefined when none is certain. */
export function requiredLiterals(source: string): readonly string[] | undefined {
  const reader = new Reader(source);
  const found = reader.alternation(0);
  if (found === undefined || !reader.atEnd) return undefined;
  const folded = [...new Set(found.map((literal) => fold(literal)))];
  return folded.every((literal) => literal.length >= LEAST) ? folded : undefined;
}

type Literals = readonly string[] | undefined;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  alternation(depth: number): Literals {
    if (depth > DEEPEST) return undefined;
    let all: string[] | undefined = [];
    do {
      const branch = this.#sequence(depth);
      all = branch === undefined || all === undefined ? undefined : [...all, ...branch];
      if (all !== undefined && all.length > MOST) all = undefined;
    } while (this.#take('|'));
    return all;
  }

  #sequence(depth: number): Literals {
    let best: Literals;
    let run = '';
    const keep = (found: Literals) => {
      if (worth(found) > worth(best)) best = found;
    };
    while (!this.atEnd && !this.#is('|') && !this.#is(')')) {
      const atom = this.#atom(depth);
      const quantifier = this.#quantifier();
      if (typeof atom === 'string' && quantifier !== 'optional') {
        run += atom;
        if (quantifier === 'once') continue;
      } else if (typeof atom !== 'string' && quantifier !== 'optional') keep(atom);
      keep([run]);
      run = '';
    }
    keep([run]);
    return worth(best) >= LEAST ? best : undefined;
  }

  /** A literal character, '' for an assertion, the literals of a group, or undefined. */
  #atom(depth: number): string | Literals {
    const c = this.#source[this.#at++] ?? '';
    switch (c) {
      case '^':
      case '$':
        return '';
      case '.':
        return undefined;
      case '[':
        this.#class();
        return undefined;
      case '(':
        return this.#group(depth);
      case '\\':
        return this.#escape();
      default:
        return isPlain(c) ? c : undefined;
    }
  }

  #group(depth: number): string | Literals {
    if (this.#take('?')) {
      const flags = /^(?:P?<[A-Za-z0-9_]+>|[a-zA-Z-]*:|[a-zA-Z-]*\))/.exec(this.#rest(64))?.[0];
      if (flags === undefined) {
        this.#at = this.#source.length + 1; // unknown: give up on the whole
        return undefined;
      }
      this.#at += flags.length;
      if (flags.endsWith(')')) return '';
    }
    const inner = this.alternation(depth + 1);
    if (!this.#take(')')) this.#at = this.#source.length + 1;
    return inner;
  }

  #escape(): string | Literals {
    const c = this.#source[this.#at++] ?? '';
    if (c === 'Q') {
      const end = this.#source.indexOf('\\E', this.#at);
      this.#at = end < 0 ? this.#source.length : end + 2;
      return undefined;
    }
    if (/[bBAz]/.test(c)) return '';
    if (c === 'p' || c === 'P' || c === 'x') {
      if (this.#take('{')) {
        const end = this.#source.indexOf('}', this.#at);
        this.#at = end < 0 ? this.#source.length : end + 1;
      } else this.#at += c === 'x' ? 2 : 1;
      return undefined;
    }
    if (/[0-9]/.test(c)) {
      while (/[0-7]/.test(this.#source[this.#at] ?? '')) this.#at++;
      return undefined;
    }
    return /[A-Za-z]/.test(c) || !isPlain(c) ? undefined : c;
  }

  #class(): void {
    this.#take('^');
    this.#take(']');
    while (!this.atEnd) {
      if (this.#is('[') && this.#source[this.#at + 1] === ':') {
        const end = this.#source.indexOf(':]', this.#at);
        this.#at = end < 0 ? this.#source.length : end + 2;
      } else if (this.#take('\\')) this.#at++;
      else if (this.#take(']')) return;
      else this.#at++;
    }
  }

  #quantifier(): 'once' | 'optional' | 'repeated' {
    let kind: 'once' | 'optional' | 'repeated' = 'once';
    while (true) {
      const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#rest(24))?.[0];
      if (found === undefined) return kind;
      this.#at += found.length;
      if (found[0] === '*' || found[0] === '?' || /^\{0*[,}]/.test(found)) kind = 'optional';
      else if (kind === 'once') kind = 'repeated';
    }
  }

  #rest(most: number): string {
    return this.#source.slice(this.#at, this.#at + most);
  }

  #is(c: string): boolean {
    return this.#source[this.#at] === c;
  }

  #take(c: string): boolean {
    if (!this.#is(c)) return false;
    this.#at++;
    return true;
  }
}

/** The length of the shortest, the one that decides how rare a hit is. */
function worth(found: Literals): number {
  if (found === undefined || found.length === 0) return 0;
  return Math.min(...found.map((literal) => literal.length));
}

function isPlain(c: string): boolean {
  return c > ' ' && c <= '~';
}
