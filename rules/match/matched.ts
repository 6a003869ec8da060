/** What made a condition hold, in words: never quoting what redaction is to hide. */
import { findPattern } from '../patterns/pattern.ts';
import type { Condition, Rule, TestCondition } from '../policy/policy.ts';
import { compileCondition } from './compile-condition.ts';
import type { Matcher } from './matcher.ts';
import { nameOf, nameOfTest } from './names.ts';
import { textOf } from './values.ts';

const MOST = 8; // parts told of one rule
const SHOWN = 3; // words or matches named in one part

/** Whether the same words hold for every event that the condition matches. */
export function isStatic(condition: Condition | undefined): boolean {
  if (condition === undefined) return true;
  if (condition.op === 'all') return condition.of.every(isStatic);
  if (condition.op === 'any') return false;
  if (condition.op === 'not') return true;
  return condition.test.is !== 'words' && condition.test.is !== 'pattern';
}

/** The parts of the rule's condition that hold for the event the matcher sees. */
export function matchedParts(rule: Rule, matcher: Matcher): string[] {
  const parts: string[] = [];
  if (rule.condition !== undefined) collect(rule.condition, matcher, parts);
  if (rule.rate !== undefined) {
    const { moreThan, period, by } = rule.rate;
    parts.push(`more than ${moreThan} in ${period / 1e6} s by ${by}`);
  }
  return parts.slice(0, MOST);
}

function collect(condition: Condition, matcher: Matcher, parts: string[]): void {
  switch (condition.op) {
    case 'all':
      for (const part of condition.of) collect(part, matcher, parts);
      return;
    case 'any': {
      const held = condition.of.find((part) => holdsNow(part, matcher));
      if (held !== undefined) collect(held, matcher, parts);
      return;
    }
    case 'not':
      parts.push(nameOf(condition));
      return;
    case 'test':
      parts.push(testPart(condition, matcher));
  }
}

/** Compiles against the set's vocabulary: every group is known already. */
function holdsNow(condition: Condition, matcher: Matcher): boolean {
  return compileCondition(condition, matcher.vocabulary).holds(matcher);
}

function testPart(condition: TestCondition, matcher: Matcher): string {
  const { test, field } = condition;
  const name = nameOfTest(condition);
  const values = textOf(field)(matcher.view);
  if (values === undefined) return name;
  const texts = typeof values === 'string' ? [values] : values;
  if (test.is === 'pattern') {
    const found = texts.flatMap((text) => findPattern(test.pattern, text, SHOWN));
    const shown = [...new Set(found.map((match) => match.shown))];
    return `${name} ${shown.slice(0, SHOWN).join(', ')}`;
  }
  if (test.is === 'words') {
    const { vocabulary } = matcher;
    const group = vocabulary.wordList(test.list);
    const found = texts.flatMap((text) => vocabulary.words.find(text, group, 100));
    const words = [...new Set(found.map(({ word }) => word))];
    return `${name}: ${words.slice(0, SHOWN).join(', ')}`;
  }
  return name;
}
