/**
 * Reads vitest's JSON report; prints what was skipped and, last, "N passed, N failed".
 * A test file that could not run counts as one failure; so does a test that was skipped.
 */
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(path ?? '', 'utf8'));
  for (const file of report.testResults) {
    const failures = file.assertionResults.filter((test) => test.status === 'failed').length;
    failed += file.status === 'failed' && failures === 0 ? 1 : failures;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else if (test.status !== 'failed') {
        failed++;
        process.stdout.write(`skipped: ${file.name}: ${test.fullName}\n`);
      }
    }
  }
  if (passed === 0) failed++;
} catch (error) {
  failed++;
  process.stdout.write(`no test report: ${error instanceof Error ? error.message : error}\n`);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
