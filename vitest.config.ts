import { defineConfig } from 'vitest/config';
import { SkipReporter } from './test/support/skip-reporter.ts';

const COMMAND_LINE = 'test/cli/**/*.test.ts';

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
          exclude: [COMMAND_LINE],
        },
      },
      {
        // Runs the program as it is shipped: built once, and only when these tests run.
        extends: true,
        test: { name: 'cli', include: [COMMAND_LINE], globalSetup: ['test/cli/build.ts'] },
      },
    ],
  },
});
