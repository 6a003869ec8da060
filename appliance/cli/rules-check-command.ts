/** `sallyport rules check PATH…`: are the rules right, and can they be carried out? */
import { Command, Option } from 'commander';
import { checkRules } from '../../rules/check/check-rules.ts';
import { enforceability, MODES, type Mode } from '../../rules/check/enforceability.ts';
import { loadRules } from '../../rules/load.ts';
import type { Diagnostic } from '../../rules/source/diagnostic.ts';
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { tellEnforceability } from './enforceability-table.ts';
import { shippedPolicies } from './load-policy.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

interface Options {
  readonly mode?: Mode;
  readonly directory?: string;
}

export function rulesCheckCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('check')
    .summary('check rule files')
    .description(
      'Points at file, line and column of everything that is wrong or doubtful in rule files. With ' +
        '--mode, tells for each rule and service whether a deployment of that kind could carry it ' +
        'out. Without PATH, checks the files that ship with Sallyport.',
    )
    .argument('[PATH...]', 'rule files, or directories of them')
    .addOption(new Option('--mode <MODE>', 'a kind of deployment').choices(MODES))
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules check policy/
  $ sallyport rules check policy/ --mode inline
  $ sallyport rules check files.yaml words.yaml --directory people.csv

Exit codes: 0 no errors (there may be warnings), 2 the rules are wrong.`,
    )
    .action((paths: string[], { directory, mode }: Options) => {
      const given = paths.length === 0 ? shippedPolicies() : paths;
      const { policy, diagnostics: faults, files } = loadRules(given, { directory });
      const diagnostics = policy === undefined ? faults : [...faults, ...checkRules(policy)];
      tellFindings(diagnostics, terminal);
      if (policy !== undefined && mode !== undefined) {
        tellEnforceability(enforceability(policy, mode), mode, terminal);
      }
      const rules = policy === undefined ? '' : `, ${counted(policy.rules.length, 'rule')}`;
      terminal.out.line(
        `${counted(files.length, 'file')}${rules}: ${outcome(diagnostics, terminal)}`,
      );
      exit(policy === undefined ? Exit.Usage : Exit.Ok);
    });
}

function tellFindings(
  diagnostics: readonly Diagnostic[],
  { out, layout: { paint } }: Terminal,
): void {
  for (const diagnostic of diagnostics) {
    const text = harmless(formatDiagnostic(diagnostic));
    out.line(diagnostic.severity === 'error' ? paint.red(text) : paint.yellow(text));
  }
}

function outcome(diagnostics: readonly Diagnostic[], { layout: { paint } }: Terminal): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const doubts = warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`;
  if (errors > 0) return paint.red(`${counted(errors, 'error')}${doubts}`);
  return `${paint.green('no errors')}${doubts}`;
}
