/**
 * Before the system tests: the product, the actors and the stations are compiled once, into a folder
 * of their own, because each of them is a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The repository's tree, compiled: `appliance/main.js`, `test/record/actors/main.js` … */
    builtTree: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
let folder: string | undefined;

/** Below node_modules, so that the build finds its packages and package.json above it. */
export function setup(project: TestProject): void {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'sallyport-system-'));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    const options = [tsc, '-p', 'test/system/lab', '--outDir', folder];
    execFileSync(process.execPath, options, { cwd: ROOT, stdio: 'pipe' });
  } catch (error) {
    // Types are checked by `npm run check`; here it matters that there is a program to run.
    if (!existsSync(join(folder, 'appliance', 'main.js'))) throw error;
  }
  project.provide('builtTree', folder);
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
