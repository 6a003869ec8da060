/** Compiles a policy in slices of time, so that a thread that carries packets can do it aside. */
import { CompiledRules } from './compile.ts';
import { compilingParts } from './match/compile-parts.ts';
import type { Policy } from './policy/policy.ts';
import { JudgeState } from './state/judge-state.ts';
import { Stepper, type Steps } from './steps.ts';

/** `state` is handed on from the set that this one is to replace, which may go on judging. */
export function compileInSteps(
  policy: Policy,
  hash: string,
  state: JudgeState = new JudgeState(),
): Stepper<CompiledRules> {
  return new Stepper(compilingRules(policy, hash, state));
}

export function* compilingRules(
  policy: Policy,
  hash: string,
  state: JudgeState,
): Steps<CompiledRules> {
  const parts = yield* compilingParts(policy, state);
  return new CompiledRules(policy, hash, state, parts);
}
