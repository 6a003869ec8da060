/** Runs the `tests:` of rule files against the whole set that was loaded. */
import type { VerdictRecord } from '../src/event/event.ts';
import type { CompiledRules } from './compile.ts';
import type { Expectation, PolicyTest } from './policy/policy.ts';
import type { Place } from './source/diagnostic.ts';

export interface TestResult {
  readonly name: string;
  readonly place: Place;
  readonly passed: boolean;
  /** `action: expected drop, got pass (no rule)`. */
  readonly problems: readonly string[];
  readonly verdict: VerdictRecord;
}

/** Each test starts with nothing remembered. */
export function runTests(rules: CompiledRules): TestResult[] {
  return rules.policy.tests.map((test) => {
    const fresh = rules.fresh();
    for (const event of test.given) fresh.judge(event);
    return compare(test, fresh.judge(test.event));
  });
}

function compare({ name, place, expect }: PolicyTest, verdict: VerdictRecord): TestResult {
  const problems: string[] = [];
  const by = verdict.rule === undefined ? 'no rule' : `rule ${verdict.rule}`;
  for (const key of Object.keys(expect) as (keyof Expectation)[]) {
    const wanted = expect[key];
    const got = actual(key, verdict);
    if (wanted === undefined || fits(key, wanted, got)) continue;
    const said = key === 'action' ? ` (${by})` : '';
    problems.push(`${key}: expected ${shown(wanted)}, got ${shown(got)}${said}`);
  }
  return { name, place, passed: problems.length === 0, problems, verdict };
}

function actual(key: keyof Expectation, verdict: VerdictRecord): unknown {
  switch (key) {
    case 'rule':
      return verdict.rule ?? 'none';
    case 'alert':
      return verdict.alert ?? 'none';
    case 'shadow':
      return verdict.shadow?.map(({ rule }) => rule).join(', ') ?? 'none';
    case 'tags':
      return verdict.tags ?? [];
    case 'learn':
      return verdict.learn ?? 0;
    case 'log':
    case 'quarantine':
      return verdict[key] ?? false;
    default:
      return verdict[key];
  }
}

function fits(key: keyof Expectation, wanted: unknown, got: unknown): boolean {
  if (key === 'tell' && typeof wanted === 'boolean') return (got !== undefined) === wanted;
  if (key === 'tell') return typeof got === 'string' && got.includes(String(wanted));
  if (key === 'shadow') return String(got).split(', ').includes(String(wanted));
  if (Array.isArray(wanted) && Array.isArray(got)) {
    return wanted.length === got.length && wanted.every((tag) => got.includes(tag));
  }
  return wanted === got;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
