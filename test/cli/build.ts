/** Before the tests of this folder: the program is built once, into a folder of its own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `main.js` of the program as it is shipped. */
    builtMain: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string | undefined;

/** Below node_modules, so that the build finds its packages and package.json above it. */
export function setup(project: TestProject): void {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'sallyport-cli-'));
  chmodSync(folder, 0o755); // a gateway that became another account loads its workers from it
  const main = join(folder, 'appliance', 'main.js');
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    const options = [tsc, '-p', 'tsconfig.build.json', '--outDir', folder];
    execFileSync(process.execPath, options, { cwd: ROOT, stdio: 'pipe' });
  } catch (error) {
    // Types are checked by `npm run check`; here it matters that there is a program to run.
    if (!existsSync(main)) throw error;
  }
  project.provide('builtMain', main);
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
