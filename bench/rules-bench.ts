/** What judging an event costs, by the number of rules. */
import { Bench } from 'tinybench';
import { rulesFromText } from '../rules/load.ts';
import { formatDiagnostic } from '../rules/source/diagnostic.ts';
import { syntheticEvents, syntheticRules } from '../rules/testing/synthetic.ts';

export interface RuleFigure {
  readonly rules: number;
  readonly nanosecondsPerEvent: number;
}

const SIZES = [10, 100, 1_000, 10_000];
const EVENTS = 4096;
const MILLISECONDS = 500; // a size and round
const ROUNDS = 3;

/** Medians of interleaved rounds. */
export async function benchRules(): Promise<RuleFigure[]> {
  const events = syntheticEvents(EVENTS);
  const judges = SIZES.map((size) => {
    const { rules, diagnostics } = rulesFromText(syntheticRules(size));
    if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
    return { size, rules };
  });
  const rounds: Map<number, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bench = new Bench({ time: MILLISECONDS, warmupTime: 100 });
    for (const { size, rules } of judges) {
      bench.add(String(size), () => {
        for (const event of events) rules.judge(event);
      });
    }
    await bench.run();
    const figures = bench.tasks.map(({ name, result }) => {
      if (result.state !== 'completed') throw new Error(`${name} rules: ${result.state}`);
      return [Number(name), (result.latency.p50 * 1e6) / EVENTS] as const;
    });
    rounds.push(new Map(figures));
  }
  return SIZES.map((size) => {
    const sorted = rounds.map((round) => round.get(size) ?? Number.NaN).sort((a, b) => a - b);
    return { rules: size, nanosecondsPerEvent: sorted[ROUNDS >> 1] ?? Number.NaN };
  });
}
