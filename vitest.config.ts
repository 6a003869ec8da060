import { defineConfig } from 'vitest/config';
import { SkipReporter } from './test/support/skip-reporter.ts';

const COMMAND_LINE = 'test/cli/**/*.test.ts';
/** Live parts, with clocks of their own. */
const LIVE = 'appliance/{admin,deploy,doctor,failsafe,live,privileges,top}/**/*.test.ts';
const SYSTEM = 'test/system/{inline,queue,tap}*.test.ts';
/** Those whose figures need the machine for themselves. */
const LOAD =
  'test/system/{inline-archive,inline-failure,inline-load,inline-untouched,queue-load,tap-load}.test.ts';

/** Many wait for a database, a disk, other processes. */
const APPLIANCE = '{appliance,test/archive}/**/*.test.ts';
/** Measure the heap: they set flags of the process, and a heap that others filled would slow them. */
const MEASURED = '**/{budget,*-budget,held,hostile,allocation}.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', new SkipReporter()],
    setupFiles: ['test/support/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{src,parsers,rules,bench,test}/**/*.test.ts'],
          exclude: [COMMAND_LINE, SYSTEM, APPLIANCE, MEASURED],
          // Of its own accord vitest leaves one processor to itself.
          maxWorkers: 2,
          // Modules are loaded once a worker, not once a file: a quarter of the time. They keep no state.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'appliance',
          include: [APPLIANCE],
          exclude: [LIVE],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'measured',
          include: [`{src,parsers,rules,bench,test}/${MEASURED}`],
          exclude: [COMMAND_LINE],
          maxWorkers: 2,
        },
      },
      {
        // The live parts, and the program as it is shipped: built once, and only when these tests run. They wait
        // most of their time.
        extends: true,
        test: {
          name: 'program',
          include: [LIVE, COMMAND_LINE],
          globalSetup: ['test/cli/build.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Real hosts and servers in namespaces around the program, after all others. They wait most of their time.
        extends: true,
        test: {
          name: 'system',
          include: [SYSTEM],
          exclude: [LOAD],
          globalSetup: ['test/system/lab/build.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // One file at a time.
        extends: true,
        test: {
          name: 'load',
          include: [LOAD],
          globalSetup: ['test/system/lab/build.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
