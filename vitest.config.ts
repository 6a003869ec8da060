import { defineConfig } from 'vitest/config';
import { SkipReporter } from './test/support/skip-reporter.ts';

const COMMAND_LINE = 'test/cli/**/*.test.ts';
const SYSTEM = 'test/system/{inline,queue,tap}*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    reporters: ['default', new SkipReporter()],
    setupFiles: ['test/support/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{src,parsers,rules,appliance,bench,test}/**/*.test.ts'],
          exclude: [COMMAND_LINE, SYSTEM],
        },
      },
      {
        // Runs the program as it is shipped: built once, and only when these tests run.
        extends: true,
        test: { name: 'cli', include: [COMMAND_LINE], globalSetup: ['test/cli/build.ts'] },
      },
      {
        // Real hosts and servers in namespaces around the program; one file at a time, after all others.
        extends: true,
        test: {
          name: 'system',
          include: [SYSTEM],
          globalSetup: ['test/system/lab/build.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
