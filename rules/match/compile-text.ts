/** Tests on what a text says: words, patterns, expressions, beginnings and ends. */
import { type Field, type FieldName, fieldOf, type PatternName } from '../fields.ts';
import { globMatches } from '../lists/glob.ts';
import { accountKey, identityKey } from '../lists/identity.ts';
import { findPattern } from '../patterns/pattern.ts';
import type { Test } from '../policy/policy.ts';
import { expressionOf } from '../regex/expression.ts';
import { fold } from '../words/fold.ts';
import type { Compiled, Holds, Key } from './compile-condition.ts';
import { Cost } from './cost.ts';
import type { Matcher } from './matcher.ts';
import { someText, textOf } from './values.ts';
import type { Lookup, Vocabulary } from './vocabulary.ts';

/** A literal or word in a text is rarer than most values of small fields. */
const WORD_SHARE = 0.01;

type Shaped = Extract<Test, { is: 'glob' | 'contains' | 'starts' | 'ends' }>;

export function words(
  name: FieldName,
  { list, atLeast }: Extract<Test, { is: 'words' }>,
  vocabulary: Vocabulary,
): Compiled {
  const group = vocabulary.wordList(list);
  const lookup = vocabulary.lookup(name, 'word');
  const key = { lookup, group, share: Math.min(0.3, WORD_SHARE * list.entries.length) };
  const holds: Holds = (m) => m.hits(lookup).count(group) >= atLeast;
  return { holds, keys: [key], cost: Cost.Words };
}

export function pattern(name: FieldName, asked: PatternName, vocabulary: Vocabulary): Compiled {
  const read = textOf(name);
  const holds = remembered(`${name} ${asked}`, vocabulary, (m) =>
    someText(read(m.view), (text) => findPattern(asked, text, 1).length > 0),
  );
  return { holds, keys: undefined, cost: Cost.Scan };
}

/** Identities are compared in their own spelling: one that only looks alike is another. */
function isIdentity({ type }: Field): boolean {
  return type === 'identity' || type === 'members';
}

/** The folded value to look for; undefined: compared as written. */
export function foldedValue(field: FieldName, { value, exact }: Shaped): string | undefined {
  if (exact || isIdentity(fieldOf(field))) return undefined;
  return fold(value) || undefined; // zero-width characters alone
}

/** glob, starts, ends: on the folded text, as words are, but without the letter-spacing. */
export function shaped(
  name: FieldName,
  field: Field,
  test: Shaped,
  vocabulary: Vocabulary,
): Compiled {
  const { is, value, exact } = test;
  const folded = foldedValue(name, test);
  const identity = isIdentity(field);
  const plain = folded ?? value;
  if (is === 'glob' || !/[*?]/.test(plain)) {
    const glob = is === 'glob' ? plain : is === 'starts' ? `${plain}*` : `*${plain}`;
    if (folded !== undefined) {
      return globbed(vocabulary.lookup(name, 'folded'), vocabulary.foldedGlob(glob), field.share);
    }
    if (identity && !exact) {
      return globbed(vocabulary.lookup(name), vocabulary.identityGlob(glob), field.share);
    }
  }
  const wanted = folded ?? (exact || !identity ? value : identityKey(value));
  const fits = (text: string) => {
    if (is === 'glob') return globMatches(wanted, text);
    return is === 'starts' ? text.startsWith(wanted) : text.endsWith(wanted);
  };
  const read = textOf(name);
  const holds: Holds = ({ view }) =>
    someText(read(view), (text) => {
      if (folded !== undefined) return fits(fold(text));
      if (exact || !identity)
        return fits(text) || (identity && fits(`${view.event.service}:${text}`));
      const own = accountKey(view.event.service, text);
      return fits(own) || fits(`${view.event.service}:${own}`);
    });
  return { holds, keys: undefined, cost: Cost.Lookup };
}

function globbed(lookup: Lookup, group: number, share: number): Compiled {
  const holds: Holds = (m) => m.hits(lookup).count(group) > 0;
  return { holds, keys: [{ lookup, group, share: Math.min(0.9, share) }], cost: Cost.Lookup };
}

export function contains(
  name: FieldName,
  field: Field,
  test: Shaped,
  vocabulary: Vocabulary,
): Compiled {
  const { value, exact } = test;
  const folded = foldedValue(name, test);
  if (folded !== undefined) return filtered(name, [folded], undefined, Cost.Words, vocabulary);
  const lower = isIdentity(field) && !exact;
  const wanted = lower ? value.toLowerCase() : value;
  const read = textOf(name);
  const verify: Holds = ({ view }) =>
    someText(read(view), (text) => (lower ? text.toLowerCase() : text).includes(wanted));
  return filtered(name, [fold(value)], verify, Cost.Words, vocabulary);
}

export function expression(
  name: FieldName,
  test: Extract<Test, { is: 'regex' }>,
  vocabulary: Vocabulary,
): Compiled {
  const compiled = expressionOf(test);
  if ('what' in compiled) return { holds: () => false, keys: [], cost: 0 }; // refused when read
  const read = textOf(name);
  const asked = `${name} ${test.exact} /${test.source}`;
  const verify = remembered(asked, vocabulary, (m) =>
    someText(read(m.view), (text) => compiled.test(text)),
  );
  if (compiled.literals === undefined) {
    return { holds: verify, keys: undefined, cost: Cost.Unfiltered };
  }
  return filtered(name, compiled.literals, verify, Cost.Expression, vocabulary);
}

/** Where one of the literals was seen, and, where that is not enough, verified. */
function filtered(
  name: FieldName,
  literals: readonly string[],
  verify: Holds | undefined,
  cost: number,
  vocabulary: Vocabulary,
): Compiled {
  if (verify !== undefined && literals.some((literal) => literal === '')) {
    return { holds: verify, keys: undefined, cost };
  }
  const lookup = vocabulary.lookup(name, 'word');
  const group = vocabulary.literals(literals);
  const key: Key = { lookup, group, share: WORD_SHARE * literals.length };
  const seen: Holds = (m) => m.hits(lookup).count(group) > 0;
  const holds: Holds = verify === undefined ? seen : (m) => seen(m) && verify(m);
  return { holds, keys: [key], cost };
}

/** Asks once an event, whichever rules ask. */
function remembered(asked: string, vocabulary: Vocabulary, holds: Holds): Holds {
  const known = vocabulary.shared.get(asked);
  if (known !== undefined) return known;
  let round = 0;
  let answer = false;
  const once = (matcher: Matcher) => {
    if (matcher.round !== round) {
      round = matcher.round;
      answer = holds(matcher);
    }
    return answer;
  };
  vocabulary.shared.set(asked, once);
  return once;
}
