/** What a rule asks of a field for certain: what holds of every event that it matches. */
import type { FieldName } from '../fields.ts';
import { globMatches } from '../lists/glob.ts';
import type { Condition, Rule, Test } from '../policy/policy.ts';

/** Of `all` (lower case), the values for which the rule may match; undefined: the rule does not ask. */
export function askedOf(
  { condition }: Rule,
  field: FieldName,
  all: Iterable<string>,
): ReadonlySet<string> | undefined {
  let asked: readonly string[] | undefined;
  for (const part of partsOf(condition)) {
    const fits = part.op === 'test' && part.field === field ? fitting(part.test) : undefined;
    if (fits !== undefined) asked = (asked ?? [...all]).filter(fits);
  }
  return asked && new Set(asked);
}

/** The conditions that must all hold. */
export function partsOf(condition: Condition | undefined): readonly Condition[] {
  if (condition === undefined) return [];
  return condition.op === 'all' ? condition.of.flatMap(partsOf) : [condition];
}

/** Undefined: a test of another kind, which any value may pass. */
function fitting(test: Test): ((value: string) => boolean) | undefined {
  if (test.is === 'one-of') {
    const named = new Set(test.values.map((value) => value.toLowerCase()));
    return (value) => named.has(value) !== test.negate;
  }
  if (test.is !== 'in-list') return undefined;
  const globs = test.list.entries.map((entry) => entry.value.toLowerCase());
  return (value) => globs.some((glob) => globMatches(glob, value)) !== test.negate;
}
