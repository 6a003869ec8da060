/** The policy as a worker has it: compiled from what the main thread has read and checked. */
import { compilingServices } from '../../rules/catalogue/transfer-services.ts';
import { CompiledRules } from '../../rules/compile.ts';
import { compilingRules } from '../../rules/compile-in-steps.ts';
import { namePeople } from '../../rules/directory/name-people.ts';
import { JudgeState } from '../../rules/state/judge-state.ts';
import { finish, type Steps } from '../../rules/steps.ts';
import { decodingPolicy } from '../../rules/transfer/decode-policy.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { NO_SERVICES, type ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import { type Judge, PASS_EVERYTHING } from '../../src/verdict/judge.ts';
import { asksToKeep } from '../archive/files/asks-to-keep.ts';

/** From the main thread. */
export interface PolicyOrder {
  /** As encodePolicy made it, shared by all workers; undefined: everything passes. */
  readonly octets: SharedArrayBuffer | undefined;
  /** As encodeServices made it; undefined: no service is named. */
  readonly services?: SharedArrayBuffer | undefined;
  /** Of both: another one for other rules or services. */
  readonly hash: string;
  /** Of the rules alone, as events say it; as `hash` where there are no services. */
  readonly ruleset?: string;
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
  readonly services: ServiceCatalogue;
  /** A rule asks to keep files. */
  readonly keepsFiles: boolean;
  /** Puts the people of the directory into an event; undefined where there is none. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
}

/** `before`: what the running set remembers goes over to the new one. */
export function* compilingPolicy(
  { octets, services: packed, hash, ruleset = hash }: PolicyOrder,
  before: WorkerPolicy | undefined,
): Steps<WorkerPolicy> {
  const services = packed === undefined ? NO_SERVICES : yield* compilingServices(packed);
  if (octets === undefined) {
    return {
      ...{ hash, judge: PASS_EVERYTHING, services },
      ...{ keepsFiles: false, namePeople: undefined },
    };
  }
  const running = before?.judge;
  const state = running instanceof CompiledRules ? running.state : new JudgeState();
  const policy = yield* decodingPolicy(octets);
  const judge = yield* compilingRules(policy, ruleset, state);
  const { directory } = judge;
  const keepsFiles = asksToKeep(judge);
  const ready = { hash, judge, services, keepsFiles };
  if (directory.size === 0) return { ...ready, namePeople: undefined };
  return { ...ready, namePeople: (event) => namePeople(directory, event) };
}

/** At once: before there are packets to carry. */
export function compilePolicy(order: PolicyOrder): WorkerPolicy {
  return finish(compilingPolicy(order, undefined));
}
