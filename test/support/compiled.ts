/** A TypeScript file and what it imports, compiled to be run in a process of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Compiled {
  /** To be removed. */
  readonly folder: string;
  readonly path: string;
}

/** Below node_modules, so that it finds its packages. Types are checked by `npm run check`. */
export function compiled(source: string): Compiled {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'sallyport-test-'));
  const path = join(folder, relative(ROOT, source).replace(/\.ts$/, '.js'));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    ...['--ignoreConfig', '--noCheck', '--rootDir', ROOT, '--outDir', folder],
    ...['--target', 'es2023', '--module', 'nodenext', '--types', 'node'],
    ...['--rewriteRelativeImportExtensions', '--resolveJsonModule', '--skipLibCheck'],
  ];
  try {
    execFileSync(process.execPath, [tsc, ...options, source], { cwd: ROOT, stdio: 'pipe' });
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
  return { folder, path };
}
