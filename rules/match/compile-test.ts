/** One test on one field, compiled. */
import type { Field, FieldName } from '../fields.ts';
import { globMatches } from '../lists/glob.ts';
import { accountKey, identityKey } from '../lists/identity.ts';
import { findPattern } from '../patterns/pattern.ts';
import type { Test, TestCondition } from '../policy/policy.ts';
import { compileExpression } from '../regex/expression.ts';
import { isWithin } from '../schedules/schedule.ts';
import { fold } from '../words/fold.ts';
import type { Compiled, Holds, Key } from './compile-condition.ts';
import type { EventView, Values } from './event-view.ts';
import type { Matcher } from './matcher.ts';
import { numberOf, textOf } from './values.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Relative prices of tests. */
const Cost = {
  Compare: 1,
  Lookup: 2,
  State: 4,
  Words: 20,
  Scan: 30,
  Expression: 100,
  Unfiltered: 1000, // a regular expression without a literal to look for first
} as const;

/** A literal or word in a text is rarer than most values of small fields. */
const WORD_SHARE = 0.01;

export function compileTest(
  condition: TestCondition,
  field: Field,
  vocabulary: Vocabulary,
): Compiled {
  const { field: name, test } = condition;
  switch (test.is) {
    case 'one-of':
      return oneOf(name, field, test, vocabulary);
    case 'in-list': {
      const group = vocabulary.list(name, test.list);
      return grouped(name, field, group, test.negate, test.list.entries.length, vocabulary);
    }
    case 'cidr':
      return grouped(name, field, vocabulary.networks(test.nets), test.negate, 1, vocabulary);
    case 'glob':
    case 'starts':
    case 'ends':
      return shaped(name, field, test.is, test.value, test.exact, vocabulary);
    case 'contains':
      return contains(name, test.value, test.exact, vocabulary);
    case 'regex':
      return expression(name, test, vocabulary);
    case 'words': {
      const group = vocabulary.wordList(test.list);
      const lookup = vocabulary.lookup(name, true);
      const { atLeast } = test;
      const key = { lookup, group, share: Math.min(0.3, WORD_SHARE * test.list.entries.length) };
      const holds: Holds = (m) => m.hits(lookup).count(group) >= atLeast;
      return { holds, keys: [key], cost: Cost.Words };
    }
    case 'pattern': {
      const { pattern } = test;
      const holds = remembered(`${name} ${pattern}`, vocabulary, (m) =>
        someText(textOf(name)(m.view), (text) => findPattern(pattern, text, 1).length > 0),
      );
      return { holds, keys: undefined, cost: Cost.Scan };
    }
    case 'number': {
      const { low, high, relation } = test;
      const holds: Holds = ({ view }) => {
        const n = numberOf(name, view);
        if (n === undefined) return false;
        if (relation === 'over') return n > low;
        if (relation === 'under') return n < low;
        return n >= low && n <= high;
      };
      return { holds, keys: undefined, cost: Cost.Compare };
    }
    case 'within': {
      const { schedules, negate } = test;
      const holds: Holds = ({ view }) =>
        schedules.some((schedule) => isWithin(schedule, view.event.time)) !== negate;
      return { holds, keys: undefined, cost: Cost.Lookup };
    }
    case 'present': {
      const read = textOf(name);
      const { present } = test;
      // contact.known is a question only where there is another party.
      const asked = field.type === 'flag';
      const holds: Holds = ({ view }) =>
        (!asked || field.kinds.has(view.event.kind)) && (read(view) !== undefined) === present;
      return { holds, keys: undefined, cost: field.type === 'flag' ? Cost.State : Cost.Compare };
    }
  }
}

function oneOf(
  name: FieldName,
  field: Field,
  test: Extract<Test, { is: 'one-of' }>,
  vocabulary: Vocabulary,
): Compiled {
  const { values, exact, negate } = test;
  const group = vocabulary.values(name, values);
  const compiled = grouped(name, field, group, negate, values.length, vocabulary);
  if (!exact) {
    if (field.type !== 'choice' || negate) return compiled;
    const read = textOf(name);
    const holds: Holds = ({ view }) => includes(values, read(view));
    return { ...compiled, holds, cost: Cost.Compare };
  }
  const wanted = new Set(values);
  const holds: Holds = ({ view }) =>
    negate
      ? negated(name, field, textOf(name)(view), view, (value) => wanted.has(value))
      : someText(textOf(name)(view), (value) => wanted.has(value));
  return { ...compiled, holds };
}

function includes(values: readonly string[], value: Values): boolean {
  return typeof value === 'string' && values.includes(value);
}

/** Fields of which several values make one answer: not-in means none of them is in. */
const TOGETHER = new Set<FieldName>(['user.group', 'anomaly']);

function grouped(
  name: FieldName,
  field: Field,
  group: number,
  negate: boolean,
  entries: number,
  vocabulary: Vocabulary,
): Compiled {
  const lookup = vocabulary.lookup(name);
  if (!negate) {
    const share = Math.min(0.9, field.share * Math.max(1, entries));
    const holds: Holds = (m) => m.hits(lookup).count(group) > 0;
    return { holds, keys: [{ lookup, group, share }], cost: Cost.Lookup };
  }
  const together = TOGETHER.has(name);
  // What is not there is not in the list either, where it could have been there: safe for "deny all but".
  const holds: Holds = (m) => {
    const hits = m.hits(lookup);
    if (hits.values === 0) return field.kinds.has(m.view.event.kind);
    return together ? hits.count(group) === 0 : hits.count(group) < hits.values;
  };
  return { holds, keys: undefined, cost: Cost.Lookup };
}

/** The same question as `grouped` asks, value by value. */
function negated(
  name: FieldName,
  field: Field,
  values: Values,
  view: EventView,
  isIn: (value: string) => boolean,
): boolean {
  if (values === undefined || values.length === 0) return field.kinds.has(view.event.kind);
  if (typeof values === 'string') return !isIn(values);
  return TOGETHER.has(name) ? !values.some(isIn) : !values.every(isIn);
}

function shaped(
  name: FieldName,
  field: Field,
  is: 'glob' | 'starts' | 'ends',
  value: string,
  exact: boolean,
  vocabulary: Vocabulary,
): Compiled {
  const literal = is !== 'glob' && /[*?]/.test(value);
  const glob = is === 'glob' ? value : is === 'starts' ? `${value}*` : `*${value}`;
  if (!exact && !literal) {
    const group = vocabulary.glob(name, glob);
    return grouped(name, field, group, false, 1, vocabulary);
  }
  const identity = field.type === 'identity' || field.type === 'members';
  const wanted = exact ? value : identity ? identityKey(value) : value.toLowerCase();
  const fits = (text: string) => {
    if (is === 'glob') return globMatches(wanted, text);
    return is === 'starts' ? text.startsWith(wanted) : text.endsWith(wanted);
  };
  const read = textOf(name);
  const holds: Holds = ({ view }) =>
    someText(read(view), (text) => {
      const { service } = view.event;
      const own = exact ? text : identity ? accountKey(service, text) : text.toLowerCase();
      return fits(own) || (identity && fits(`${service}:${own}`));
    });
  return { holds, keys: undefined, cost: Cost.Lookup };
}

function contains(
  name: FieldName,
  value: string,
  exact: boolean,
  vocabulary: Vocabulary,
): Compiled {
  const wanted = exact ? value : value.toLowerCase();
  const read = textOf(name);
  const verify: Holds = ({ view }) =>
    someText(read(view), (text) => (exact ? text : text.toLowerCase()).includes(wanted));
  return filtered(name, [fold(value)], verify, Cost.Words, vocabulary);
}

function expression(
  name: FieldName,
  test: Extract<Test, { is: 'regex' }>,
  vocabulary: Vocabulary,
): Compiled {
  const compiled = compileExpression(test.source, test.exact);
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

/** Verifies only where one of the literals was seen. */
function filtered(
  name: FieldName,
  literals: readonly string[],
  verify: Holds,
  cost: number,
  vocabulary: Vocabulary,
): Compiled {
  if (literals.some((literal) => literal === '')) {
    return { holds: verify, keys: undefined, cost };
  }
  const lookup = vocabulary.lookup(name, true);
  const group = vocabulary.literals(literals);
  const key: Key = { lookup, group, share: WORD_SHARE * literals.length };
  const holds: Holds = (m) => m.hits(lookup).count(group) > 0 && verify(m);
  return { holds, keys: [key], cost };
}

function someText(values: Values, test: (text: string) => boolean): boolean {
  if (values === undefined) return false;
  return typeof values === 'string' ? test(values) : values.some(test);
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
