/** `sallyport rules test PATH…`: do the tests in the rule files hold? */
import { Command } from 'commander';
import { runTests, type TestResult } from '../../rules/run-tests.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { loadOrRefuse, shippedPolicies } from './load-policy.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

export function rulesTestCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('test')
    .summary('run the tests of rule files')
    .description(
      'Runs the `tests:` of rule files against all the rules given, as they would apply together. ' +
        'Without PATH, those that ship with Sallyport.',
    )
    .argument('[PATH...]', 'rule files, or directories of them')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules test policy/
  $ sallyport rules test files.yaml words.yaml --directory people.csv

Exit codes: 0 all hold, 1 some do not, 2 the rules are wrong.`,
    )
    .action((paths: string[], { directory }: { directory?: string }) => {
      const given = paths.length === 0 ? shippedPolicies() : paths;
      const { rules } = loadOrRefuse(given, directory, terminal);
      exit(tell(runTests(rules), terminal));
    });
}

function tell(results: readonly TestResult[], { out, layout: { paint } }: Terminal): number {
  for (const { name, place, passed, problems } of results) {
    if (passed) {
      out.line(`${paint.green('✓')} ${harmless(name)}`);
      continue;
    }
    const where = harmless(`${place.file}:${place.line}:${place.column}`);
    out.line(`${paint.red('✗')} ${harmless(name)}  ${paint.dim(where)}`);
    for (const problem of problems) out.line(`    ${harmless(problem)}`);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  const verdict = failed === 0 ? paint.green('all hold') : paint.red(`${failed} failed`);
  out.line(results.length === 0 ? 'no tests' : `${counted(results.length, 'test')}, ${verdict}`);
  return failed === 0 ? Exit.Ok : Exit.Failed;
}
