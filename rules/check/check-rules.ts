/** Rules that are right one by one but not together: never reached, repeated, asking in vain. */
import type { EventKind } from '../../src/event/kinds.ts';
import { fieldOf } from '../fields.ts';
import type { Condition, List, Policy, Rule } from '../policy/policy.ts';
import { type Diagnostic, Diagnostics, inOrder } from '../source/diagnostic.ts';
import { partsOf } from './asked.ts';
import { checkLearning } from './check-learning.ts';
import { checkNames, KNOWN, servicesNamed } from './known-names.ts';
import type { ServiceNature } from './services.ts';

/** Warnings over a whole policy, by place. Without `services` any name of one is taken. */
export function checkRules(
  policy: Policy,
  services?: ReadonlyMap<string, ServiceNature>,
): Diagnostic[] {
  const found = new Diagnostics();
  const names = services === undefined ? KNOWN : { ...KNOWN, service: servicesNamed(services) };
  const lists = new Set<List>();
  checkReach(policy.rules, found);
  for (const rule of policy.rules) {
    checkFields(rule, found);
    checkNames(rule, names, found, lists);
    checkContradictions(rule, found);
    checkLearning(rule, found);
  }
  checkDirectory(policy, found);
  return inOrder(found.all);
}

/**
 * A rule is never reached when an earlier one ends the matter for all of its events: same kinds
 * or more, and no condition that the later rule does not have as well.
 */
function checkReach(rules: readonly Rule[], found: Diagnostics): void {
  const filed = new Map<string, { rule: Rule; parts: ReadonlySet<string> }[]>();
  const shadowed = (rule: Rule, parts: ReadonlySet<string>) => {
    for (const part of ['', ...parts]) {
      for (const earlier of filed.get(part) ?? []) {
        if (
          rule.kinds.every((kind) => earlier.rule.kinds.includes(kind)) &&
          isSubset(earlier.parts, parts)
        ) {
          return earlier;
        }
      }
    }
    return undefined;
  };
  for (const rule of rules) {
    const parts = new Set(partsOf(rule.condition).map(canonical));
    const earlier = shadowed(rule, parts);
    if (earlier !== undefined) {
      const { place, id } = earlier.rule;
      const why =
        earlier.parts.size === parts.size && sameKinds(earlier.rule, rule)
          ? 'has the same conditions'
          : 'takes all of its events';
      const hint = `'${id}' at ${place.file}:${place.line} comes first and ${why}`;
      found.warn(rule.place, `rule '${rule.id}' is never reached`, hint);
    } else if (rule.action !== undefined && !rule.shadow && rule.rate === undefined) {
      const [anchor = ''] = parts;
      const known = filed.get(anchor);
      if (known === undefined) filed.set(anchor, [{ rule, parts }]);
      else known.push({ rule, parts });
    }
  }
}

function sameKinds(a: Rule, b: Rule): boolean {
  return a.kinds.length === b.kinds.length;
}

function isSubset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const part of a) if (!b.has(part)) return false;
  return true;
}

/** Conditions that can never hold for any of the kinds, or for some of them. */
function checkFields(rule: Rule, found: Diagnostics): void {
  for (const part of partsOf(rule.condition)) {
    if (part.op !== 'test') continue;
    const { kinds } = fieldOf(part.field);
    const without = rule.kinds.filter((kind) => !kinds.has(kind));
    if (without.length === rule.kinds.length) {
      const hint = `rule '${rule.id}' can never match`;
      found.warn(part.place, `no ${shown(without)} event has '${part.field}'`, hint);
    }
  }
}

/** `origin: client` beside `origin: server`. */
function checkContradictions(rule: Rule, found: Diagnostics): void {
  const wanted = new Map<string, ReadonlySet<string>>();
  for (const part of partsOf(rule.condition)) {
    if (part.op !== 'test' || part.test.is !== 'one-of' || part.test.negate) continue;
    if (fieldOf(part.field).type !== 'choice') continue;
    const before = wanted.get(part.field);
    const values = new Set(part.test.values);
    if (before !== undefined && ![...values].some((value) => before.has(value))) {
      const hint = `rule '${rule.id}' can never match`;
      found.warn(part.place, `'${part.field}' cannot be two things at once`, hint);
    }
    wanted.set(part.field, values);
  }
}

function checkDirectory({ rules, people, ours }: Policy, found: Diagnostics): void {
  for (const { condition } of rules) {
    for (const part of allTests(condition)) {
      if (part.field.startsWith('user') && people.length === 0) {
        found.warn(part.place, `'${part.field}' needs a directory`, 'directory: people.yaml');
      }
      if (part.field === 'boundary' && people.length === 0 && ours.length === 0) {
        const hint = "give a directory, or ours: ['xmpp:*@corp.example']";
        found.warn(
          part.place,
          "nobody is known to be internal, so 'boundary' is always external",
          hint,
        );
      }
    }
  }
}

function shown(kinds: readonly EventKind[]): string {
  return kinds.length > 3 ? `${kinds.slice(0, 3).join(', ')}, …` : kinds.join(', ');
}

export function allTests(condition: Condition | undefined): Extract<Condition, { op: 'test' }>[] {
  if (condition === undefined) return [];
  if (condition.op === 'test') return [condition];
  return condition.op === 'not' ? allTests(condition.of) : condition.of.flatMap(allTests);
}

/** The same text for conditions that ask the same. */
function canonical(condition: Condition): string {
  switch (condition.op) {
    case 'test': {
      const test = { ...condition.test, place: undefined };
      if (test.is === 'one-of') test.values = [...test.values].sort();
      const named = 'list' in test ? { ...test, list: namedAt(test.list) } : test;
      return JSON.stringify([condition.field, named]);
    }
    case 'not':
      return `not ${canonical(condition.of)}`;
    default:
      return `${condition.op} ${condition.of.map(canonical).sort().join(' ')}`;
  }
}

/** A list's name where it was declared, or the entries of one that has no name. */
function namedAt({ name, place, entries }: List): string | string[] {
  return name === '' ? entries.map(({ value }) => value).sort() : `${place.file} ${name}`;
}
