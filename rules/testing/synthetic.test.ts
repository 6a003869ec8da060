import { describe, expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import type { CompiledRules } from '../compile.ts';
import { rulesFromText } from '../load.ts';
import { formatDiagnostic } from '../source/diagnostic.ts';
import { syntheticEvents, syntheticRules } from './synthetic.ts';

function load(count: number): CompiledRules {
  const { rules, diagnostics } = rulesFromText(syntheticRules(count));
  if (rules === undefined) throw new Error(diagnostics.slice(0, 3).map(formatDiagnostic).join());
  return rules;
}

/** Nanoseconds of processor time an event: what others run on the machine does not count. */
function cost(rules: CompiledRules, events: readonly ImEvent[]): number {
  const start = process.cpuUsage();
  for (const event of events) rules.judge(event);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / events.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const WARM_UP = 4;
const ROUNDS = 9;
const TRIES = 4; // of which one must be quiet enough

/** What `large` costs, in `small`, by medians of rounds in turns; of several tries the best. */
function ratio(large: () => number, small: () => number, most: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && best >= most; i++) {
    const few: number[] = [];
    const many: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      few.push(small());
      many.push(large());
    }
    best = Math.min(best, median(many.slice(WARM_UP)) / median(few.slice(WARM_UP)));
  }
  return best;
}

describe('synthetic rule sets', () => {
  test('are right, and the same each time', () => {
    expect(rulesFromText(syntheticRules(500)).diagnostics).toEqual([]);
    expect(syntheticRules(50)).toBe(syntheticRules(50));
  });

  test('10 000 rules cost at most twice what 100 cost an event', () => {
    const events = syntheticEvents(4000);
    const small = load(100);
    const large = load(10_000);
    const found = ratio(
      () => cost(large, events),
      () => cost(small, events),
      2,
    );
    expect(found).toBeLessThan(2);
  });

  test('and that can fail: rules that are always asked cost by their number', () => {
    const events = syntheticEvents(1000);
    const asked = (count: number) => {
      const rules = Array.from({ length: count }, (_, i) => ALWAYS.replaceAll('#', String(i)));
      const { rules: loaded } = rulesFromText(`sallyport: 1\nrules:\n${rules.join('')}`);
      if (loaded === undefined) throw new Error('not loaded');
      return loaded;
    };
    const [few, many] = [asked(10), asked(1000)];
    const found = ratio(
      () => cost(many, events),
      () => cost(few, events),
      2,
    );
    expect(found).toBeGreaterThan(2);
  });

  test('events of kinds that no rule asks for cost next to nothing', () => {
    const rules = load(100);
    const event = new ImEvent('typing');
    const idle = Array.from({ length: 20_000 }, () => event);
    const busy = syntheticEvents(20_000);
    const found = ratio(
      () => cost(rules, idle),
      () => cost(rules, busy),
      0.25,
    );
    expect(found).toBeLessThan(0.25); // 0.03 on a quiet machine
  });
});

const ALWAYS = '  - { id: a#, on: message, if: { text.length: { over: #0000 } }, then: drop }\n';
