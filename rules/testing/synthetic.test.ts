import { describe, expect, test } from 'vitest';
import { rulesFromText } from '../load.ts';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { syntheticEvents, syntheticRules } from './synthetic.ts';

function nanoseconds(count: number, events: ReturnType<typeof syntheticEvents>): number {
  const { rules, diagnostics } = rulesFromText(syntheticRules(count));
  if (rules === undefined) throw new Error(diagnostics.slice(0, 3).map(formatDiagnostic).join());
  for (let warm = 0; warm < 5; warm++) for (const event of events) rules.judge(event);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 9; run++) {
    const start = process.hrtime.bigint();
    for (const event of events) rules.judge(event);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / events.length);
  }
  return best;
}

describe('synthetic rule sets', () => {
  test('are right, and the same each time', () => {
    expect(rulesFromText(syntheticRules(500)).diagnostics).toEqual([]);
    expect(syntheticRules(50)).toBe(syntheticRules(50));
  });

  test('10 000 rules cost at most twice what 100 cost an event', () => {
    const events = syntheticEvents(2000);
    const few = nanoseconds(100, events);
    const many = nanoseconds(10_000, events);
    expect(many / few, `${few.toFixed(0)} ns and ${many.toFixed(0)} ns an event`).toBeLessThan(2);
  });
});
