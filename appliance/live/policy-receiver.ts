/**
 * A new policy in a thread that carries packets: read and compiled in slices of time between them, and
 * put into force between two. Until then, and if it fails, the running one judges.
 */
import { Stepper } from '../../rules/steps.ts';
import {
  compilingPolicy,
  type PolicyOrder,
  type PolicyReport,
  type WorkerPolicy,
} from './worker-policy.ts';

/** Microseconds of one slice while packets come without a pause: what one of them waits longer at most. */
const SLICE = 500;
/** Microseconds of one slice where the thread comes by seldom anyway. */
const LONGEST_SLICE = 2000;
/** A slice may take this part of the time since the last one. */
const SHARE = 0.1;

export interface PolicyHooks {
  /** The new policy judges from here on. */
  readonly inForce: (policy: WorkerPolicy) => void;
  readonly report: (report: PolicyReport) => void;
}

export class PolicyReceiver {
  #running: WorkerPolicy;
  readonly #hooks: PolicyHooks;
  #next: { readonly hash: string; readonly steps: Stepper<WorkerPolicy> } | undefined;
  /** Milliseconds (performance.now) of the end of the last slice, and when the next may begin. */
  #worked = 0;
  #mayWork = 0;

  constructor(running: WorkerPolicy, hooks: PolicyHooks) {
    this.#running = running;
    this.#hooks = hooks;
  }

  /** A policy that is still being compiled gives way to a newer one. */
  take(order: PolicyOrder): void {
    if (this.#next !== undefined) {
      this.#hooks.report({ hash: this.#next.hash, fault: 'a newer policy came' });
    }
    const steps = new Stepper(compilingPolicy(order, this.#running));
    this.#next = { hash: order.hash, steps };
    this.#worked = performance.now();
    this.#mayWork = 0;
  }

  /** There is work: come back soon. */
  get busy(): boolean {
    return this.#next !== undefined;
  }

  /**
   * Between two packets. Works at most half of the time: as long as a slice took, packets have the thread
   * to themselves.
   */
  step(): void {
    const next = this.#next;
    const began = performance.now();
    if (next === undefined || began < this.#mayWork) return;
    const since = (began - this.#worked) * 1000 * SHARE;
    const budget = Math.min(Math.max(since, SLICE), LONGEST_SLICE);
    let done: boolean;
    try {
      done = next.steps.step(budget);
    } catch (error) {
      this.#next = undefined;
      const fault = error instanceof Error ? error.message : String(error);
      this.#hooks.report({ hash: next.hash, fault });
      return;
    }
    const ended = performance.now();
    this.#worked = ended;
    this.#mayWork = ended + (ended - began);
    const policy = done ? next.steps.result : undefined;
    if (policy === undefined) return;
    this.#next = undefined;
    this.#running = policy;
    this.#hooks.inForce(policy);
    this.#hooks.report({ hash: policy.hash });
  }
}
