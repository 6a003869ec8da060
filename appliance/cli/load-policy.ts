/** The policy of a command line: rule files given, the shipped ones, or none. */
import { join, relative } from 'node:path';
import type { CompiledRules } from '../../rules/compile.ts';
import { type LoadResult, loadRules } from '../../rules/load.ts';
import { type Diagnostic, formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { type Judge, PASS_EVERYTHING } from '../../src/verdict/judge.ts';
import { counted } from '../report/amounts.ts';
import { packageRoot } from './package-root.ts';
import type { Terminal } from './terminal.ts';
import { UserError } from './user-error.ts';

export interface LoadedPolicy {
  readonly judge: Judge;
  /** `shipped policies (6 files, 31 rules)` */
  readonly description: string;
}

export interface LoadedRules {
  readonly rules: CompiledRules;
  readonly result: LoadResult;
}

/** `paths` undefined: the shipped policies; false: none. Throws UserError. */
export function loadPolicy(
  paths: readonly string[] | false | undefined,
  directory: string | undefined,
  terminal: Terminal,
): LoadedPolicy {
  if (paths === false) return { judge: PASS_EVERYTHING, description: 'none: everything passes' };
  const { rules } = loadOrRefuse(paths ?? shippedPolicies(), directory, terminal);
  const count = counted(rules.policy.rules.length, 'rule');
  const name = paths === undefined ? 'as shipped in rules/packs' : paths.join(', ');
  return { judge: rules, description: `${name} (${count})` };
}

/** Rules that are right; warnings go to standard error. Throws UserError after telling every error. */
export function loadOrRefuse(
  paths: readonly string[],
  directory: string | undefined,
  terminal: Terminal,
): LoadedRules {
  const result = loadRules(paths, { directory });
  for (const diagnostic of result.diagnostics) terminal.errors.line(shown(diagnostic, terminal));
  terminal.errors.flush();
  if (result.rules !== undefined) return { rules: result.rules, result };
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error').length;
  throw new UserError(`the rules were not loaded: ${counted(errors, 'error')}`);
}

/** `file:line:column: …`, coloured where standard error is. */
export function shown(diagnostic: Diagnostic, { errorPaint }: Terminal): string {
  const text = harmless(formatDiagnostic(diagnostic));
  return diagnostic.severity === 'error' ? errorPaint.red(text) : errorPaint.yellow(text);
}

/** The folder of the policies that ship with Sallyport, from the current directory. */
export function shippedPolicies(): readonly string[] {
  return [relative('.', join(packageRoot(), 'rules', 'packs'))];
}
