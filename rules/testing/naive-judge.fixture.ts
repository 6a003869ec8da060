/**
 * The meaning of the language written down as plainly as possible: every rule in order, every
 * condition by itself, no index, no sharing. Tests hold the compiled judge against it.
 */
import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import type { ImEvent } from '../../src/event/event.ts';
import { fieldOf } from '../fields.ts';
import { accountKey, identityKey } from '../lists/identity.ts';
import type { EventView } from '../match/event-view.ts';
import { numberOf, textOf } from '../match/values.ts';
import { findPattern } from '../patterns/pattern.ts';
import type { Condition, Policy, Test, TestCondition } from '../policy/policy.ts';
import { isWithin } from '../schedules/schedule.ts';
import { fold } from '../words/fold.ts';

export interface NaiveVerdict {
  readonly action: string;
  readonly rule: string | undefined;
  readonly tags: readonly string[];
  readonly shadow: readonly string[];
}

/** Rates, notices and defaults other than pass are left out. */
export function judgeNaively(policy: Policy, event: ImEvent, view: EventView): NaiveVerdict {
  view.see(event);
  const tags: string[] = [];
  const shadow: string[] = [];
  let first: string | undefined;
  let shadowEnded = false;
  for (const rule of policy.rules) {
    if (!rule.kinds.includes(event.kind)) continue;
    if (rule.shadow && shadowEnded) continue;
    if (rule.condition !== undefined && !holds(rule.condition, view)) continue;
    if (rule.shadow) {
      shadow.push(rule.id);
      shadowEnded = rule.action !== undefined;
      continue;
    }
    for (const tag of rule.also.tags) if (!tags.includes(tag)) tags.push(tag);
    if (rule.action !== undefined) return { action: rule.action, rule: rule.id, tags, shadow };
    first ??= rule.id;
  }
  return { action: 'pass', rule: first, tags, shadow };
}

function holds(condition: Condition, view: EventView): boolean {
  switch (condition.op) {
    case 'all':
      return condition.of.every((part) => holds(part, view));
    case 'any':
      return condition.of.some((part) => holds(part, view));
    case 'not':
      return !holds(condition.of, view);
    case 'test':
      return testHolds(condition, view);
  }
}

function testHolds({ field, test }: TestCondition, view: EventView): boolean {
  const { type, kinds } = fieldOf(field);
  if (test.is === 'number') return numberHolds(numberOf(field, view), test);
  if (test.is === 'within') {
    return test.schedules.some((s) => isWithin(s, view.event.time)) !== test.negate;
  }
  if (test.is === 'cidr' || (test.is === 'in-list' && type === 'address')) {
    const nets = test.is === 'cidr' ? test.nets : test.list.entries.map(({ value }) => value);
    const { flow } = view.event;
    const endpoint = field === 'flow.client' ? flow?.client : flow?.server;
    if (endpoint === undefined) return test.negate && kinds.has(view.event.kind);
    return nets.some((net) => inNetwork(endpoint, net)) !== test.negate;
  }
  const read = textOf(field)(view);
  const values = read === undefined ? [] : typeof read === 'string' ? [read] : [...read];
  if (test.is === 'present') {
    const asked = type !== 'flag' || kinds.has(view.event.kind);
    return asked && values.length > 0 === test.present;
  }
  if (test.is === 'words') {
    const there = test.list.entries.filter((e) => values.some((value) => hasWord(value, e.value)));
    return there.length >= test.atLeast;
  }
  const fits = (value: string) => valueFits(value, test, type, view.event.service);
  if ((test.is === 'one-of' || test.is === 'in-list') && test.negate) {
    if (values.length === 0) return kinds.has(view.event.kind);
    const together = field === 'user.group' || field === 'anomaly';
    return together ? !values.some(fits) : values.some((value) => !fits(value));
  }
  return values.some(fits);
}

function numberHolds(n: number | undefined, test: Extract<Test, { is: 'number' }>): boolean {
  if (n === undefined) return false;
  if (test.relation === 'over') return n > test.low;
  if (test.relation === 'under') return n < test.low;
  return n >= test.low && n <= test.high;
}

function inNetwork(endpoint: string, net: string): boolean {
  const address = ipaddr.parse(endpoint.replace(/:\d+$/, '').replace(/[[\]]/g, ''));
  const [base, bits] = net.includes('/')
    ? ipaddr.parseCIDR(net)
    : [ipaddr.parse(net), net.includes(':') ? 128 : 32];
  return address.kind() === base.kind() && address.match(base, Number(bits));
}

function valueFits(value: string, test: Test, type: string, service: string | undefined): boolean {
  const identity = type === 'identity' || type === 'members';
  const spellings = identity
    ? [accountKey(service, value), `${service}:${accountKey(service, value)}`]
    : [value.toLowerCase()];
  const wantedOf = (wanted: string) => (identity ? identityKey(wanted) : wanted.toLowerCase());
  const folded = (s: string) => (identity ? wantedOf(s) : fold(s));
  const shapes = identity ? spellings : [fold(value)];
  const like = (glob: string) => spellings.some((s) => globExpression(wantedOf(glob)).test(s));
  switch (test.is) {
    case 'one-of':
      if (test.exact) return test.values.includes(value);
      return test.values.some((wanted) =>
        identity ? like(wanted) : spellings.includes(wantedOf(wanted)),
      );
    case 'in-list':
      if (test.as === 'extensions') {
        return test.list.entries.some((e) => e.value.toLowerCase().replace(/^\./, '') === value);
      }
      return test.list.entries.some((e) => like(e.value));
    case 'glob':
      if (test.exact) return globExpression(test.value).test(value);
      return shapes.some((s) => globExpression(folded(test.value)).test(s));
    case 'starts':
      if (test.exact) return value.startsWith(test.value);
      return shapes.some((s) => s.startsWith(folded(test.value)));
    case 'ends':
      if (test.exact) return value.endsWith(test.value);
      return shapes.some((s) => s.endsWith(folded(test.value)));
    case 'contains':
      if (test.exact) return value.includes(test.value);
      if (identity) return value.toLowerCase().includes(test.value.toLowerCase());
      return fold(value).includes(fold(test.value));
    case 'regex':
      return [value, value.normalize('NFKC').replace(/\p{Cf}/gu, '')].some((s) =>
        RE2JS.compile(test.source, test.exact ? 0 : RE2JS.CASE_INSENSITIVE).test(s),
      );
    case 'pattern':
      return findPattern(test.pattern, value, 1).length > 0;
    default:
      return false;
  }
}

function globExpression(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
    .replace(/\*/g, '[^]*')
    .replace(/\?/g, '[^]');
  return new RegExp(`^${source}$`);
}

const SEPARATOR = '[ -/:-@[-`{-\\x7f\\u00b7\\u2022]';
const LETTER = '[\\p{L}\\p{N}]';
const single = (width: number) => `(?:${SEPARATOR}{${width}}${LETTER}(?!${LETTER})){2,}`;
const RUN = new RegExp(`(?<!${LETTER})${LETTER}(?:${single(1)}|${single(2)}|${single(3)})`, 'gu');

/** In the folded text, or in it with runs of single letters closed up. */
function hasWord(text: string, entry: string): boolean {
  const folded = fold(text);
  let closed = '';
  let free = ''; // a star under each letter of a run
  let at = 0;
  for (const { index, 0: run } of folded.matchAll(RUN)) {
    const letters = run.replace(/[^\p{L}\p{N}]/gu, '');
    closed += folded.slice(at, index) + letters;
    free += ' '.repeat(index - at) + '*'.repeat(letters.length);
    at = index + run.length;
  }
  closed += folded.slice(at);
  const wanted = fold(entry.replace(/^\*|\*$/g, '')).trim();
  const isLetter = (c: string | undefined) => c !== undefined && /[\p{L}\p{N}]/u.test(c);
  const whole = {
    begin: !entry.startsWith('*') && isLetter(wanted[0]),
    end: !entry.endsWith('*') && isLetter(wanted.at(-1)),
  };
  const found = (form: string, hay: string, stars: string) => {
    for (let i = hay.indexOf(form); i >= 0; i = hay.indexOf(form, i + 1)) {
      const end = i + form.length;
      const begins = !whole.begin || stars[i] === '*' || !isLetter(hay[i - 1]);
      if (begins && (!whole.end || stars[end - 1] === '*' || !isLetter(hay[end]))) return true;
    }
    return false;
  };
  return [wanted, wanted.replaceAll(' ', '')].some(
    (form) => found(form, folded, '') || found(form, closed, free),
  );
}
