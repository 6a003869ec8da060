/** What `sallyport rules test` does once its command line is read. */
import { runTests, type TestResult } from '../../rules/run-tests.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { loadOrRefuse, shippedPolicies } from './load-policy.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

/** Returns the exit code. Throws UserError. */
export function runRulesTest(
  paths: readonly string[],
  directory: string | undefined,
  terminal: Terminal,
): number {
  const given = paths.length === 0 ? shippedPolicies() : paths;
  const { rules } = loadOrRefuse(given, directory, terminal);
  return tell(runTests(rules), terminal);
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
