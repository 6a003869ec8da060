/** Whether any rule in force asks to keep files: where none does, no content is copied anywhere. */
import { CompiledRules } from '../../../rules/compile.ts';
import type { Judge } from '../../../src/verdict/judge.ts';

export function asksToKeep(judge: Judge): boolean {
  return judge instanceof CompiledRules && judge.policy.rules.some(({ also }) => also.quarantine);
}
