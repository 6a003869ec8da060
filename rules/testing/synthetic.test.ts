import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import type { CompiledRules } from '../compile.ts';
import { rulesFromText } from '../load.ts';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { syntheticEvents, syntheticRules } from './synthetic.ts';

function load(count: number): CompiledRules {
  const { rules, diagnostics } = rulesFromText(syntheticRules(count));
  if (rules === undefined) throw new Error(diagnostics.slice(0, 3).map(formatDiagnostic).join());
  return rules;
}

/** Nanoseconds an event. */
function cost(rules: CompiledRules, events: readonly ImEvent[]): number {
  const start = process.hrtime.bigint();
  for (const event of events) rules.judge(event);
  return Number(process.hrtime.bigint() - start) / events.length;
}

describe('synthetic rule sets', () => {
  test('are right, and the same each time', () => {
    expect(rulesFromText(syntheticRules(500)).diagnostics).toEqual([]);
    expect(syntheticRules(50)).toBe(syntheticRules(50));
  });

  test('10 000 rules cost at most twice what 100 cost an event', () => {
    const events = syntheticEvents(2000);
    const small = load(100);
    const large = load(10_000);
    let few = Number.POSITIVE_INFINITY;
    let many = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 12; round++) {
      // In turns, so that a busy machine is as unkind to both; the first rounds warm up.
      few = Math.min(few, cost(small, events));
      many = Math.min(many, cost(large, events));
    }
    expect(many / few, `${few.toFixed(0)} ns and ${many.toFixed(0)} ns an event`).toBeLessThan(2);
  });
});
