/** Where PostgreSQL's programs are: Debian keeps each version's in a folder of its own, not on PATH. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const VERSIONS = '/usr/lib/postgresql';

/** The folder of `initdb` and `postgres`, of the newest version there is. */
export function postgresPrograms(): string | undefined {
  for (const version of versions().sort((a, b) => Number(b) - Number(a))) {
    const folder = join(VERSIONS, version, 'bin');
    try {
      for (const name of ['initdb', 'postgres']) accessSync(join(folder, name), constants.X_OK);
      return folder;
    } catch {
      // Not whole: an older one may be.
    }
  }
  return undefined;
}

function versions(): string[] {
  try {
    return readdirSync(VERSIONS);
  } catch {
    return [];
  }
}
