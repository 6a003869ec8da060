/** Where a rule's text conditions matched, and text with those places masked. */
import { findPattern } from '../patterns/pattern.ts';
import type { Condition } from '../policy/policy.ts';
import { expressionOf } from '../regex/expression.ts';
import { foldedValue } from './compile-text.ts';
import { valuesOfMarkup } from './markup.ts';
import type { Vocabulary } from './vocabulary.ts';

/** text[start, end), UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const MOST = 1000; // places of one condition
const MASK = '*';

/** What `condition` found in `text`: sorted, not overlapping; negated parts find nothing. */
export function rangesOf(
  condition: Condition | undefined,
  text: string,
  vocabulary: Vocabulary,
): Range[] {
  const found: Range[] = [];
  if (condition !== undefined) collect(condition, text, vocabulary, found);
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: Range[] = [];
  for (const range of found) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else merged.push({ start: range.start, end: range.end });
  }
  return merged;
}

/** Whether markup shows what `condition` looks for: then masking the text alone hides nothing. */
export function isInMarkup(
  condition: Condition | undefined,
  markup: string | undefined,
  vocabulary: Vocabulary,
): boolean {
  if (markup === undefined) return false;
  const values = valuesOfMarkup(markup, undefined);
  return values.some((value) => rangesOf(condition, value, vocabulary).length > 0);
}

/** `text` with every range masked: each character but white space becomes an asterisk. */
export function redact(text: string, ranges: readonly Range[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of ranges) {
    if (start < at) continue;
    out += text.slice(at, start) + text.slice(start, end).replace(/\S/gu, MASK);
    at = end;
  }
  return out + text.slice(at);
}

function collect(condition: Condition, text: string, vocabulary: Vocabulary, found: Range[]): void {
  if (condition.op === 'not') return;
  if (condition.op !== 'test') {
    for (const part of condition.of) collect(part, text, vocabulary, found);
    return;
  }
  const { test, field } = condition;
  if (field !== 'text') return;
  if (test.is === 'pattern') found.push(...findPattern(test.pattern, text, MOST));
  else if (test.is === 'words') {
    found.push(...vocabulary.words.find(text, vocabulary.wordList(test.list), MOST));
  } else if (test.is === 'contains') {
    const folded = foldedValue(field, test);
    if (folded === undefined) found.push(...occurrences(text, test.value));
    else found.push(...vocabulary.words.find(text, vocabulary.literals([folded]), MOST));
  } else if (test.is === 'regex') {
    const compiled = expressionOf(test);
    if ('ranges' in compiled) found.push(...compiled.ranges(text, MOST));
  }
}

function occurrences(text: string, value: string): Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    found.push({ start: at, end: at + value.length });
    if (found.length >= MOST) break;
  }
  return found;
}
