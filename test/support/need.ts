/**
 * What a test needs beyond Node and npm, and what happens where it is missing: the test is skipped
 * and its title says why; with SALLYPORT_REQUIRE_ALL=1 (as `.ci/run` sets it) the file fails.
 *
 *   const need = needs({ tools: ['tshark'], corpus: true });
 *   describe.skipIf(need.skip)(`tshark agrees${need.why}`, () => { … });
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasCorpus } from './corpus.ts';
import { postgresPrograms } from './postgres-programs.ts';

export interface Needs {
  /** Programs looked for on PATH (and in the sbin directories). */
  readonly tools?: readonly string[];
  /** Linux and user id 0: network namespaces, capturing. */
  readonly root?: boolean;
  /** The shared captures beside the repository. */
  readonly corpus?: boolean;
  /** PostgreSQL's own programs (postgres-server.ts). */
  readonly postgres?: boolean;
}

export interface Need {
  readonly skip: boolean;
  /** '' when nothing is missing, else ' (skipped: needs …)': append it to the title. */
  readonly why: string;
}

/** Throws where something is missing and SALLYPORT_REQUIRE_ALL=1. */
export function needs(wanted: Needs, environment: NodeJS.ProcessEnv = process.env): Need {
  const missing = (wanted.tools ?? []).filter((tool) => findTool(tool, environment) === undefined);
  if (wanted.root === true && !isLinuxRoot()) missing.push('root on Linux');
  if (wanted.corpus === true && !hasCorpus()) missing.push('../shared/corpus');
  if (wanted.postgres === true && postgresPrograms() === undefined) missing.push('postgresql');
  if (missing.length === 0) return { skip: false, why: '' };
  const why = `needs ${missing.join(', ')}`;
  if (environment.SALLYPORT_REQUIRE_ALL === '1') {
    throw new Error(`SALLYPORT_REQUIRE_ALL=1, but this test ${why}`);
  }
  return { skip: true, why: ` (skipped: ${why})` };
}

/** Absolute path of an executable, as a shell of root would find it. */
export function findTool(name: string, environment: NodeJS.ProcessEnv = process.env) {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, '/usr/sbin', '/sbin']) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not there: look in the next folder.
    }
  }
  return undefined;
}

function isLinuxRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
