/** The policy as a worker has it: compiled from what the main thread has read and checked. */
import { CompiledRules } from '../../rules/compile.ts';
import { Directory } from '../../rules/directory/directory.ts';
import { namePeople } from '../../rules/directory/name-people.ts';
import type { Policy } from '../../rules/policy/policy.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { type Judge, PASS_EVERYTHING } from '../../src/verdict/judge.ts';

/** From the main thread. */
export interface PolicyOrder {
  /** Undefined: everything passes. */
  readonly policy: Policy | undefined;
  readonly hash: string;
}

/** In force from here on. */
export interface PolicyReport {
  readonly hash: string;
}

export interface WorkerPolicy {
  readonly hash: string;
  readonly judge: Judge;
  /** Puts the people of the directory into an event; undefined where there is none. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
}

/** `before`: what the running set remembers goes over to the new one. */
export function compilePolicy(order: PolicyOrder, before: WorkerPolicy | undefined): WorkerPolicy {
  const { policy, hash } = order;
  if (policy === undefined) return { hash, judge: PASS_EVERYTHING, namePeople: undefined };
  const state = before?.judge instanceof CompiledRules ? before.judge.state : undefined;
  return {
    hash,
    judge: new CompiledRules(policy, hash, state),
    namePeople: peopleNamer(policy),
  };
}

function peopleNamer({ people }: Policy): ((event: ImEvent) => void) | undefined {
  if (people.length === 0) return undefined;
  const directory = new Directory(people);
  return (event) => namePeople(directory, event);
}
