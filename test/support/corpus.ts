/** Where the shared captures are: beside the repository, or where SALLYPORT_CORPUS says. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository root (tests always run from source). */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

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
