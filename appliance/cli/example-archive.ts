/**
 * The archive that `replay --example` ends with: made anew each time. Only what the example made itself is
 * replaced, which a file in its home folder says.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTarget } from '../archive/target.ts';
import { EXAMPLE_ARCHIVE } from './replay-options.ts';
import { UserError } from './user-error.ts';

const MARK = 'EXAMPLE';
const TEXT = `Made by sallyport replay --example, which replaces this archive when it is run again.\n`;

/** Makes room for it. Throws UserError where something else is in its place. */
export function clearExampleArchive(path: string = EXAMPLE_ARCHIVE): void {
  const { home } = readTarget(path);
  const mark = join(home, MARK);
  if ((existsSync(path) || existsSync(home)) && !existsSync(mark)) {
    throw new UserError(
      `${path}: is there, and is not the archive of an example: it is not replaced`,
      'Move it away, or replay into an archive of another name: --archive FILE.db.',
    );
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(mark, TEXT);
}
