/** What `sallyport rules check` does once its command line is read. */

import type { Mode } from '../../rules/check/answer.ts';
import { checkRules } from '../../rules/check/check-rules.ts';
import { type Enforceability, enforceability } from '../../rules/check/enforceability.ts';
import { loadRules } from '../../rules/load.ts';
import type { Diagnostic } from '../../rules/source/diagnostic.ts';
import { counted } from '../report/amounts.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import { tellEnforceability } from './enforceability-table.ts';
import { shippedPolicies } from './load-policy.ts';
import { type ServiceOptions, serviceSettings } from './service-options.ts';
import { servicesForRules } from './services-for-rules.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

export interface CheckOptions extends ServiceOptions {
  readonly mode?: Mode;
  readonly directory?: string;
  /** Services that the table is about; undefined: all. */
  readonly service?: readonly string[];
}

/** Returns the exit code. */
export function runRulesCheck(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): number {
  const { directory, mode, service: wanted } = options;
  const given = paths.length === 0 ? shippedPolicies() : paths;
  const { policy, diagnostics: faults, files } = loadRules(given, { directory });
  const { services, diagnostics: unknown } = servicesForRules(serviceSettings(options));
  const doubts = policy === undefined ? [] : checkRules(policy, services);
  const diagnostics = [...unknown, ...faults, ...doubts];
  tellFindings(diagnostics, terminal);
  if (policy !== undefined && services !== undefined && mode !== undefined) {
    const answers = enforceability(policy, services, mode);
    const isWanted = ({ service }: Enforceability) => wanted?.includes(service) ?? true;
    tellEnforceability(answers.filter(isWanted), mode, terminal);
  }
  const rules = policy === undefined ? '' : `, ${counted(policy.rules.length, 'rule')}`;
  terminal.out.line(`${counted(files.length, 'file')}${rules}: ${outcome(diagnostics, terminal)}`);
  return policy === undefined || services === undefined ? Exit.Usage : Exit.Ok;
}

function tellFindings(
  diagnostics: readonly Diagnostic[],
  { out, layout: { paint } }: Terminal,
): void {
  for (const line of diagnosticLines(diagnostics, paint)) out.line(line);
}

function outcome(diagnostics: readonly Diagnostic[], { layout: { paint } }: Terminal): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const doubts = warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`;
  if (errors > 0) return paint.red(`${counted(errors, 'error')}${doubts}`);
  return `${paint.green('no errors')}${doubts}`;
}
