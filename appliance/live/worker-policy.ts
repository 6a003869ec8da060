/** The policy as a worker has it: compiled from what the main thread has read and checked. */
import { CompiledRules } from '../../rules/compile.ts';
import { compilingRules } from '../../rules/compile-in-steps.ts';
import { namePeople } from '../../rules/directory/name-people.ts';
import { JudgeState } from '../../rules/state/judge-state.ts';
import { finish, type Steps } from '../../rules/steps.ts';
import { decodingPolicy } from '../../rules/transfer/decode-policy.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { type Judge, PASS_EVERYTHING } from '../../src/verdict/judge.ts';

/** From the main thread. */
export interface PolicyOrder {
  /** As encodePolicy made it, shared by all workers; undefined: everything passes. */
  readonly octets: SharedArrayBuffer | undefined;
  readonly hash: string;
}

/** In force from here on. */
export interface PolicyReport {
  readonly hash: string;
  /** Why it is not in force; undefined: it is. */
  readonly fault?: string;
}

export interface WorkerPolicy {
  readonly hash: string;
  readonly judge: Judge;
  /** Puts the people of the directory into an event; undefined where there is none. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
}

/** `before`: what the running set remembers goes over to the new one. */
export function* compilingPolicy(
  { octets, hash }: PolicyOrder,
  before: WorkerPolicy | undefined,
): Steps<WorkerPolicy> {
  if (octets === undefined) return { hash, judge: PASS_EVERYTHING, namePeople: undefined };
  const running = before?.judge;
  const state = running instanceof CompiledRules ? running.state : new JudgeState();
  const policy = yield* decodingPolicy(octets);
  const judge = yield* compilingRules(policy, hash, state);
  const { directory } = judge;
  if (directory.size === 0) return { hash, judge, namePeople: undefined };
  return { hash, judge, namePeople: (event) => namePeople(directory, event) };
}

/** At once: before there are packets to carry. */
export function compilePolicy(order: PolicyOrder): WorkerPolicy {
  return finish(compilingPolicy(order, undefined));
}
