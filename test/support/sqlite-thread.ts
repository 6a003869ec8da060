/**
 * The thread of SQLite for tests, which run from the sources: its program is bundled once a test process, in a
 * tenth of a second, since Node 20 runs no TypeScript.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rolldown } from 'rolldown';
import type { SpawnSqlite } from '../../appliance/archive/sqlite/sqlite-thread.ts';
import { repositoryRoot } from './corpus.ts';

const PROGRAM = 'appliance/archive/sqlite/thread-main.ts';

async function bundle(): Promise<string> {
  // Below the repository, as its node_modules are found from there; git ignores `out`.
  const out = join(repositoryRoot, 'out');
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'sqlite-thread-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const build = await rolldown({
    input: join(repositoryRoot, PROGRAM),
    platform: 'node',
    external: /^[^./]/,
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: 'thread-main.mjs' });
  await build.close();
  return join(folder, 'thread-main.mjs');
}

const program = await bundle();

export const spawnSqlite: SpawnSqlite = (workerData) => new Worker(program, { workerData });
