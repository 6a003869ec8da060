/** Where a rule's text conditions matched, and text with those places masked. */
import { findPattern } from '../patterns/pattern.ts';
import type { Condition } from '../policy/policy.ts';
import { compileExpression } from '../regex/expression.ts';
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
  } else if (test.is === 'contains') found.push(...occurrences(text, test.value, test.exact));
  else if (test.is === 'regex') {
    const compiled = compileExpression(test.source, test.exact);
    if ('ranges' in compiled) found.push(...compiled.ranges(text, MOST));
  }
}

function occurrences(text: string, value: string, exact: boolean): Range[] {
  const found: Range[] = [];
  const wanted = exact ? value : value.toLowerCase();
  let searched = exact ? text : text.toLowerCase();
  // A few letters change their length in lower case, and indexes with them.
  if (searched.length !== text.length) searched = lowerUnits(text);
  for (
    let at = searched.indexOf(wanted);
    at >= 0;
    at = searched.indexOf(wanted, at + wanted.length)
  ) {
    found.push({ start: at, end: at + wanted.length });
    if (found.length >= MOST) break;
  }
  return found;
}

function lowerUnits(text: string): string {
  return Array.from({ length: text.length }, (_, i) => {
    const lower = text.charAt(i).toLowerCase();
    return lower.length === 1 ? lower : text.charAt(i);
  }).join('');
}
