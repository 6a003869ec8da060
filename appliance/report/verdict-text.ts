/** A verdict as people read it: a mark, a word, the rule. */
import type { Action, VerdictRecord } from '../../src/event/event.ts';
import type { Paint } from './paint.ts';

/** The part of a verdict that a report keeps. */
export interface ShownVerdict {
  readonly action: Action;
  readonly enforced: boolean;
  readonly rule: string | undefined;
  readonly alert: string | undefined;
  readonly tags: readonly string[];
}

const DONE: Readonly<Record<Action, string>> = {
  pass: 'passed',
  drop: 'dropped',
  reset: 'reset',
  redact: 'redacted',
  strip: 'stripped',
  hold: 'held',
};
const MARKS: Readonly<Record<Action, string>> = {
  pass: '✓',
  drop: '✗',
  reset: '↯',
  redact: '~',
  strip: '−',
  hold: '?',
};

export function shownVerdict(verdict: VerdictRecord | undefined): ShownVerdict | undefined {
  if (verdict === undefined) return undefined;
  return {
    action: verdict.action,
    enforced: verdict.enforced,
    rule: verdict.rule,
    alert: verdict.alert,
    tags: verdict.tags ?? [],
  };
}

/** Anything but a plain pass: worth a place in the report. Shadow rules are only counted. */
export function isNotable(verdict: ShownVerdict | undefined): boolean {
  if (verdict === undefined) return false;
  return verdict.action !== 'pass' || verdict.alert !== undefined;
}

export function mark(verdict: ShownVerdict | undefined, paint: Paint): string {
  if (verdict === undefined) return ' ';
  return paintAction(verdict.action, paint)(MARKS[verdict.action]);
}

/** `would drop`: shadow rules write `would-drop`. */
export function shadowWord(action: string): string {
  return `would ${action.replace(/^would-/, '')}`;
}

export function actionWord(action: Action, enforced: boolean): string {
  return enforced || action === 'pass' ? DONE[action] : `would ${action}`;
}

/** `would drop · no-executables · alert high`; empty for a plain pass. */
export function verdictWords(verdict: ShownVerdict | undefined): string {
  if (verdict === undefined) return '';
  const words: string[] = [];
  if (verdict.action !== 'pass') words.push(actionWord(verdict.action, verdict.enforced));
  if (isNotable(verdict) && verdict.rule !== undefined) words.push(verdict.rule);
  if (verdict.alert !== undefined) words.push(`alert ${verdict.alert}`);
  return words.join(' · ');
}

export function paintAction(action: Action, paint: Paint): (text: string) => string {
  if (action === 'pass') return paint.green;
  if (action === 'drop' || action === 'reset') return paint.red;
  return action === 'hold' ? paint.magenta : paint.yellow;
}
