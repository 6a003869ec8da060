/** Verdict records by what led to them, so that the same outcome is the same object. */
import type { VerdictRecord } from '../../src/event/event.ts';
import type { Rule } from '../policy/policy.ts';

const MOST = 4096; // combinations of rules

/** A step on the way from rule to rule; SHADOWS and a default's record are steps too. */
class Step {
  readonly next = new Map<object, Step>();
  record: VerdictRecord | undefined;
}

const SHADOWS = {};

export class InternedRecords {
  readonly #root = new Step();
  #last = this.#root;
  #size = 0;

  /** The record kept for these rules and this default. */
  find(
    ended: Rule | undefined,
    added: readonly Rule[],
    shadows: readonly Rule[],
    base: VerdictRecord,
  ): VerdictRecord | undefined {
    let step = this.#root;
    for (let i = 0; i < added.length; i++) step = this.#step(step, added[i] ?? base);
    if (shadows.length > 0) {
      step = this.#step(step, SHADOWS);
      for (let i = 0; i < shadows.length; i++) step = this.#step(step, shadows[i] ?? base);
    }
    step = this.#step(step, ended ?? base);
    this.#last = step;
    return step.record;
  }

  /** Keeps the record for what was last asked. */
  keep(record: VerdictRecord): void {
    this.#last.record = record;
  }

  #step(from: Step, to: object): Step {
    let step = from.next.get(to);
    if (step === undefined) {
      step = new Step();
      if (this.#size < MOST) {
        this.#size++;
        from.next.set(to, step);
      }
    }
    return step;
  }
}
