/** One rule, its names resolved and its parts checked against each other. */
import { EVENT_KINDS } from '../../src/event/kinds.ts';
import type { RateKey } from '../fields.ts';
import type { ConditionEntry, RuleEntry } from '../schema.ts';
import { parseDuration } from '../source/quantity.ts';
import { suggest } from '../source/suggest.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import { KIND_GLOBS, kindsOf, kindsOfAll } from './kinds.ts';
import type { Condition, Rate, Rule, Tell } from './policy.ts';
import { readAlso } from './read-also.ts';
import { readCondition } from './read-condition.ts';
import type { Scope } from './scope.ts';

/** Seconds: design "rule language", tell. */
const TELL_EVERY = 600;
const MICROSECONDS = 1e6;

export function readRule(
  entry: RuleEntry,
  index: number,
  shadowFile: boolean,
  source: YamlSource,
  scope: Scope,
): Rule {
  const path = ['rules', index];
  const place = source.place([...path, 'id']);
  const { found } = scope;
  const globs = readKinds(entry, path, source, scope);
  const rates: Rate[] = [];
  if (entry.if !== undefined) findRates(entry.if, [...path, 'if'], true, rates, source, scope);
  const condition =
    entry.if === undefined ? undefined : readCondition(entry.if, [...path, 'if'], source, scope);
  const rule: Rule = {
    id: entry.id,
    place,
    kinds: kindsOfAll(globs),
    condition: condition?.op === 'all' && condition.of.length === 0 ? undefined : condition,
    rate: rates[0],
    action: entry.then,
    also: readAlso(entry.also, [...path, 'also'], source, scope),
    tell: readTell(entry, path, source, scope),
    shadow: (entry.mode ?? (shadowFile ? 'shadow' : 'enforce')) === 'shadow',
  };
  if (!scope.whole) return rule;
  if (rule.action === undefined && entry.also === undefined && rule.tell === undefined) {
    found.error(place, `rule '${rule.id}' does nothing`, 'it needs then:, also: or tell:');
  }
  if (rule.action === 'redact' && !masks(rule.condition)) {
    const hint = 'redact masks what text: words, pattern, contains or regex found';
    found.error(source.place([...path, 'then']), `rule '${rule.id}' has nothing to mask`, hint);
  }
  return rule;
}

function readKinds(entry: RuleEntry, path: Path, source: YamlSource, scope: Scope): string[] {
  const globs = typeof entry.on === 'string' ? [entry.on] : entry.on;
  for (const [i, glob] of globs.entries()) {
    if (kindsOf(glob).length > 0) continue;
    const at = [...path, 'on'];
    const place = source.place(typeof entry.on === 'string' ? at : [...at, i]);
    const known = [...EVENT_KINDS, ...KIND_GLOBS];
    scope.found.error(place, `no event is of kind '${glob}'`, suggest(glob, known));
  }
  return globs;
}

/** A rate counts what the whole rule matches, so it may stand only beside all other conditions. */
function findRates(
  entry: ConditionEntry,
  path: Path,
  allowed: boolean,
  rates: Rate[],
  source: YamlSource,
  scope: Scope,
): void {
  const { rate, all, any, not } = entry;
  if (rate !== undefined) {
    const place = source.keyPlace([...path, 'rate']);
    const shape = rate as { 'more-than': number; in: string; by: RateKey };
    const period = parseDuration(shape.in);
    if (!allowed) scope.found.error(place, "'rate' may not stand inside 'any' or 'not'");
    else if (rates.length > 0) scope.found.error(place, "a rule has at most one 'rate'");
    if (period === undefined) {
      const at = source.place([...path, 'rate', 'in']);
      scope.found.error(at, `'${shape.in}' is not a duration`, 'write 30s, 10m, 2h or 1d');
    }
    const moreThan = shape['more-than'];
    rates.push({ moreThan, period: (period ?? 1) * MICROSECONDS, by: shape.by });
  }
  const descend = (inner: unknown, at: Path, ok: boolean) =>
    findRates(inner as ConditionEntry, at, ok, rates, source, scope);
  for (const [i, c] of asList(all).entries()) descend(c, [...path, 'all', i], allowed);
  for (const [i, c] of asList(any).entries()) descend(c, [...path, 'any', i], false);
  if (not !== undefined) descend(not, [...path, 'not'], false);
}

const PLACEHOLDERS = ['rule', 'from', 'account', 'peer', 'room', 'file', 'service'];

function readTell(
  entry: RuleEntry,
  path: Path,
  source: YamlSource,
  scope: Scope,
): Tell | undefined {
  if (entry.tell === undefined) return undefined;
  const written = typeof entry.tell === 'string' ? { text: entry.tell } : entry.tell;
  const at = typeof entry.tell === 'string' ? [...path, 'tell'] : [...path, 'tell', 'text'];
  for (const [, name = ''] of written.text.matchAll(/\{([^{}]*)\}/g)) {
    if (PLACEHOLDERS.includes(name)) continue;
    const raw = source.text.slice(source.offset(at));
    const place = source.placeWithin(at, Math.max(0, raw.indexOf(`{${name}}`)));
    scope.found.error(place, `'tell' knows no {${name}}`, suggest(name, PLACEHOLDERS));
  }
  const seconds = written.every === undefined ? TELL_EVERY : parseDuration(written.every);
  if (seconds === undefined) {
    const place = source.place([...path, 'tell', 'every']);
    scope.found.error(place, `'${written.every}' is not a duration`, 'write 30s, 10m, 2h or 1d');
  }
  return { text: written.text, every: (seconds ?? TELL_EVERY) * MICROSECONDS };
}

/** Whether a match of the condition says where in the text it is. */
export function masks(condition: Condition | undefined): boolean {
  if (condition === undefined || condition.op === 'not') return false;
  if (condition.op === 'all') return condition.of.some(masks);
  if (condition.op === 'any') return condition.of.every(masks);
  if (condition.field !== 'text') return false;
  return ['words', 'pattern', 'contains', 'regex'].includes(condition.test.is);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
