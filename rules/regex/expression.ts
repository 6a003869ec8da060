/** Regular expressions in RE2's language: linear in the text, whatever the expression. */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { composedView } from '../patterns/plain-text.ts';
import { requiredLiterals } from './literal.ts';

/** Instructions of a compiled expression: the factor of the linear time. */
const LARGEST = 5000;
const LONGEST = 4096; // characters

export interface Expression {
  /** Any match contains one of these, folded; undefined: it must always be run. */
  readonly literals: readonly string[] | undefined;
  /** In the text as written, or in NFKC without zero-width characters. */
  test(text: string): boolean;
  /** Ranges of `text` as written, at most `most` in each of the two. */
  ranges(text: string, most: number): { start: number; end: number }[];
}

export interface ExpressionFault {
  readonly what: string;
  /** The part of the source that is wrong, where known. */
  readonly part: string | undefined;
}

/** Compiled once for each test: when it is read, asked of texts, or masks them. */
export function expressionOf(test: {
  readonly source: string;
  readonly exact: boolean;
}): Expression | ExpressionFault {
  let known = compiledOf.get(test);
  if (known === undefined) {
    known = compileExpression(test.source, test.exact);
    compiledOf.set(test, known);
  }
  return known;
}

const compiledOf = new WeakMap<object, Expression | ExpressionFault>();

/** Compiles; a fault in words when it is not a sound expression. */
export function compileExpression(source: string, exact: boolean): Expression | ExpressionFault {
  if (source.length > LONGEST)
    return { what: `longer than ${LONGEST} characters`, part: undefined };
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, exact ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (fault) {
    if (fault instanceof RE2JSSyntaxException) {
      // The library writes its flags into the expression that it reports.
      const part = fault.input?.replace(source.startsWith('(?i)') ? '' : /^\(\?i\)/, '');
      return { what: fault.error, part };
    }
    return { what: fault instanceof Error ? fault.message : String(fault), part: undefined };
  }
  const size = compiled.programSize();
  if (size > LARGEST) {
    return { what: `too large: ${size} instructions, at most ${LARGEST}`, part: undefined };
  }
  const literals = requiredLiterals(source);
  return {
    literals,
    test: (text) => {
      if (compiled.test(text)) return true;
      const view = composedView(text);
      return view !== undefined && compiled.test(view.text);
    },
    ranges: (text, most) => {
      const found = rangesOf(compiled, text, most);
      const view = composedView(text);
      if (view === undefined) return found;
      for (const { start, end } of rangesOf(compiled, view.text, most)) {
        found.push({ start: view.start(start), end: view.end(end) });
      }
      return found;
    },
  };
}

function rangesOf(compiled: RE2JS, text: string, most: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const matcher = compiled.matcher(text);
  while (found.length < most && matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    if (end > start) found.push({ start, end });
  }
  return found;
}
