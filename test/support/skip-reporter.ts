/** Says after a run what was skipped and why: the reasons stand in the titles (test/support/need.ts). */
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

const REASON = /\(skipped: (.*?)\)/;

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = new Map<string, Set<string>>();
    for (const module of modules) {
      for (const child of [...module.children.allSuites(), ...module.children.allTests()]) {
        const reason = REASON.exec(child.name)?.[1] ?? bareSkip(child);
        if (reason === undefined) continue;
        const files = skipped.get(reason) ?? new Set();
        skipped.set(reason, files.add(module.relativeModuleId));
      }
    }
    for (const [reason, files] of skipped) {
      process.stdout.write(`\n Skipped, ${reason}:\n`);
      for (const file of [...files].sort()) process.stdout.write(`   ${file}\n`);
    }
  }
}

function bareSkip(child: TestCase | TestSuite): string | undefined {
  if (child.type !== 'test' || child.result().state !== 'skipped') return undefined;
  if (REASON.test(child.fullName)) return undefined; // its suite says why
  return 'no reason given';
}
