/**
 * summary.mjs REPORT [FAILED-STEP…]: reads vitest's JSON report; prints what failed or was skipped
 * and, last, "N passed, N failed". A test file that could not run, a skipped test and a failed
 * step count as one failure each. Exits 1 unless nothing failed.
 */
import { readFileSync } from 'node:fs';

const [path = '', ...steps] = process.argv.slice(2);
let passed = 0;
const failures = steps.map((step) => `failed: ${step}`);
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of report.testResults) {
    const before = failures.length;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else {
        const how = test.status === 'failed' ? 'failed' : 'skipped';
        failures.push(`${how}: ${file.name}: ${test.fullName}`);
      }
    }
    if (file.status === 'failed' && failures.length === before) {
      failures.push(`failed: ${file.name}: ${file.message}`);
    }
  }
  if (!report.success && failures.length === 0) failures.push('failed: npm test');
  if (passed === 0) failures.push('failed: no test ran');
} catch (error) {
  failures.push(`failed: npm test left no report (${error instanceof Error ? error.message : ''})`);
}
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
