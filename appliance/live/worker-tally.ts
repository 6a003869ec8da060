/** Events and verdicts of a worker by name, for metrics. */
import type { ImEvent } from '../../src/event/event.ts';
import { PASS } from '../../src/verdict/judge.ts';

/** Names told apart; what comes after shares one. Services and rules are few, but reloads bring new rules. */
const MOST_NAMES = 4096;
const OTHERS = '(other)';

export class WorkerTally {
  readonly #events = new Map<string, number>();
  readonly #verdicts = new Map<string, number>();

  event(event: ImEvent): void {
    add(this.#events, `${event.kind} ${event.service ?? 'unknown'}`);
    const verdict = event.verdict ?? PASS;
    // A shadow rule or one that only adds is named too; what no rule spoke of is nobody's.
    if (verdict.rule === undefined && verdict.action === 'pass') return;
    const enforced = verdict.enforced ? 'enforced' : 'not';
    add(this.#verdicts, `${verdict.rule ?? '(default)'} ${verdict.action} ${enforced}`);
  }

  snapshot(): { events: Record<string, number>; verdicts: Record<string, number> } {
    return {
      events: Object.fromEntries(this.#events),
      verdicts: Object.fromEntries(this.#verdicts),
    };
  }
}

function add(counts: Map<string, number>, name: string): void {
  const known = counts.has(name) || counts.size < MOST_NAMES ? name : OTHERS;
  counts.set(known, (counts.get(known) ?? 0) + 1);
}
