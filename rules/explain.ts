/** Why an event gets its verdict: each rule, and which of its conditions failed. */
import type { ImEvent, VerdictRecord } from '../src/event/event.ts';
import type { CompiledRules } from './compile.ts';
import { compileCondition } from './match/compile-condition.ts';
import type { Matcher } from './match/matcher.ts';
import { nameOf } from './match/names.ts';
import { numberOf, textOf } from './match/values.ts';
import type { Condition, Rule } from './policy/policy.ts';
import type { Place } from './source/diagnostic.ts';

export interface ConditionExplanation {
  /** `peer not in trusted-partners`. */
  readonly condition: string;
  readonly holds: boolean;
  /** What the event has there; absent when it has nothing, or for several conditions in one. */
  readonly actual?: string | undefined;
  readonly place?: Place | undefined;
}

export interface RuleExplanation {
  readonly rule: string;
  readonly place: Place;
  readonly shadow: boolean;
  /** other-kind: the rule is not about such events; not-reached: an earlier rule ended the matter. */
  readonly outcome: 'matched' | 'failed' | 'other-kind' | 'not-reached';
  /** Whether this is the rule that decided. */
  readonly decided: boolean;
  /** The conditions that must all hold, in the order written. */
  readonly conditions: readonly ConditionExplanation[];
}

export interface Explanation {
  readonly verdict: VerdictRecord;
  /** Every rule in order. */
  readonly rules: readonly RuleExplanation[];
}

const LONGEST = 80; // characters of a value shown

/** Explains, then judges: the event counts in rates and makes contacts known like any other. */
export function explainEvent(rules: CompiledRules, event: ImEvent): Explanation {
  const matcher = rules.look(event);
  let ended = false;
  let shadowEnded = false;
  const explained = rules.policy.rules.map((rule): RuleExplanation => {
    const { id, place, shadow } = rule;
    const base = { rule: id, place, shadow, decided: false, conditions: [] };
    if (!rule.kinds.includes(event.kind)) return { ...base, outcome: 'other-kind' };
    const conditions = explainRule(rule, rules, matcher);
    if (!conditions.every(({ holds }) => holds)) return { ...base, outcome: 'failed', conditions };
    if (ended || (shadow && shadowEnded)) return { ...base, outcome: 'not-reached', conditions };
    const ends = rule.action !== undefined;
    if (ends && shadow) shadowEnded = true;
    const decided = ends && !shadow;
    ended = decided;
    return { ...base, outcome: 'matched', decided, conditions };
  });
  return { verdict: rules.judge(event), rules: explained };
}

function explainRule(
  rule: Rule,
  rules: CompiledRules,
  matcher: Matcher,
): readonly ConditionExplanation[] {
  const parts = partsOf(rule.condition).map((part) => explainPart(part, matcher));
  if (rule.rate !== undefined) {
    const { moreThan, period, by } = rule.rate;
    const condition = `more than ${moreThan} in ${period / 1e6} s by ${by}`;
    parts.push({ condition, holds: rules.exceedsRate(rule) });
  }
  return parts;
}

function partsOf(condition: Condition | undefined): readonly Condition[] {
  if (condition === undefined) return [];
  return condition.op === 'all' ? condition.of.flatMap(partsOf) : [condition];
}

function explainPart(part: Condition, matcher: Matcher): ConditionExplanation {
  const holds = compileCondition(part, matcher.vocabulary).holds(matcher);
  if (part.op !== 'test') return { condition: nameOf(part), holds };
  return {
    condition: nameOf(part),
    holds,
    actual: actualOf(part.field, matcher),
    place: part.place,
  };
}

function actualOf(field: Parameters<typeof textOf>[0], { view }: Matcher): string | undefined {
  if (field === 'when') return new Date(view.event.time / 1000).toISOString();
  if (field === 'flow.client') return view.event.flow?.client;
  if (field === 'flow.server') return view.event.flow?.server;
  const value = numberOf(field, view) ?? textOf(field)(view);
  if (value === undefined) return undefined;
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
