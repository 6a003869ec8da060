/** The policy in force, for an engine that is made once: it is changed between two packets. */
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import type { Judge } from '../../src/verdict/judge.ts';
import type { WorkerPolicy } from './worker-policy.ts';

export class SwitchedPolicy implements Judge {
  #now: WorkerPolicy;

  constructor(first: WorkerPolicy) {
    this.#now = first;
  }

  set(policy: WorkerPolicy): void {
    this.#now = policy;
  }

  judge(event: ImEvent): VerdictRecord {
    return this.#now.judge.judge(event);
  }

  readonly namePeople = (event: ImEvent): void => {
    this.#now.namePeople?.(event);
  };
}
