/** Where the shared captures are: beside the repository, or where SALLYPORT_CORPUS says. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository root, from source and from dist (fuzzing, benchmarks) alike. */
export const repositoryRoot = rootAbove(fileURLToPath(new URL('.', import.meta.url)));

function rootAbove(folder: string): string {
  const isRoot = existsSync(join(folder, 'package.json')) || folder === dirname(folder);
  return isRoot ? join(folder, '/') : rootAbove(dirname(folder));
}

/** Absolute path inside the shared corpus; the file need not exist. */
export function corpusPath(...parts: string[]): string {
  const root = process.env.SALLYPORT_CORPUS ?? join(repositoryRoot, '..', 'shared', 'corpus');
  return resolve(root, ...parts);
}

/** Absolute path inside test/captures, the project's own recordings. */
export function capturePath(...parts: string[]): string {
  return join(repositoryRoot, 'test', 'captures', ...parts);
}

export function hasCorpus(): boolean {
  return existsSync(corpusPath('MANIFEST.tsv'));
}
