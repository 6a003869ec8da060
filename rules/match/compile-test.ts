/** One test on one field, compiled. */
import type { Field, FieldName } from '../fields.ts';
import type { Test, TestCondition } from '../policy/policy.ts';
import { isWithin } from '../schedules/schedule.ts';
import type { Steps } from '../steps.ts';
import type { Compiled, Holds } from './compile-condition.ts';
import { contains, expression, pattern, shaped, words } from './compile-text.ts';
import { Cost } from './cost.ts';
import type { EventView } from './event-view.ts';
import type { Values } from './parties.ts';
import { numberOf, someText, textOf } from './values.ts';
import type { Vocabulary } from './vocabulary.ts';

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
      return shaped(name, field, test, vocabulary);
    case 'contains':
      return contains(name, field, test, vocabulary);
    case 'regex':
      return expression(name, test, vocabulary);
    case 'words':
      return words(name, test, vocabulary);
    case 'pattern':
      return pattern(name, test.pattern, vocabulary);
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
  const wanted = new Set<string>();
  vocabulary.later(addAll(values, wanted));
  const holds: Holds = ({ view }) =>
    negate
      ? negated(name, field, textOf(name)(view), view, (value) => wanted.has(value))
      : someText(textOf(name)(view), (value) => wanted.has(value));
  return { ...compiled, holds };
}

function* addAll(values: readonly string[], wanted: Set<string>): Steps<void> {
  for (const value of values) {
    wanted.add(value);
    yield;
  }
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
