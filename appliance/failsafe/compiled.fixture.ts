/** Compiles programs of this repository for tests that start them as processes: Node 20 runs no TypeScript. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../test/support/corpus.ts';

export interface Compiled {
  /** The program as JavaScript: `appliance/failsafe/watchdog-main.ts` becomes its path. */
  path(source: string): string;
  remove(): void;
}

/** `sources`: paths from the root of the repository; what they import comes along. */
export function compile(name: string, sources: readonly string[]): Compiled {
  // Below the repository, as its node_modules are found from there; git ignores `out`.
  const folder = join(repositoryRoot, 'out', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../../tsconfig.build.json',
      compilerOptions: {
        rootDir: '../..',
        outDir: 'dist',
        typeRoots: ['../../node_modules/@types'],
      },
      files: sources.map((source) => join(repositoryRoot, source)),
      include: [],
      exclude: [],
    }),
  );
  try {
    // Types are checked elsewhere; here only the programs matter.
    execFileSync(join(repositoryRoot, 'node_modules/.bin/tsc'), ['-p', config, '--noCheck'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const beside of ['package.json', 'rules']) {
      symlinkSync(join(repositoryRoot, beside), join(folder, beside));
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    path: (source) => join(folder, 'dist', source.replace(/\.ts$/, '.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
