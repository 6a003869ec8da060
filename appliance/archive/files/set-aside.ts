/**
 * What lies in `incoming/` and cannot be taken, for whoever finds out why: it is moved, as it is, into a folder there.
 * Nothing reads it again; moved back, it is tried again.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorText } from '../../cli/user-error.ts';

export const ASIDE_NAME = 'set-aside';
/** Entries of the folder; more stay where they are, and are passed over. */
const MOST = 2000;

/**
 * Where they are now; undefined: no room there, or the file system would not, and they stay. A name that is not there
 * is passed over; one that is there already is never written over.
 */
export function setAside(incoming: string, names: readonly string[]): string | undefined {
  const folder = join(incoming, ASIDE_NAME);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!lstatSync(folder).isDirectory()) return undefined;
    const there = new Set(readdirSync(folder));
    if (there.size + names.length > MOST) return undefined;
    let n = 1;
    const placed = (name: string) => (n === 1 ? name : `${n}-${name}`);
    while (names.some((name) => there.has(placed(name)))) n += 1;
    for (const name of names) move(join(incoming, name), join(folder, placed(name)));
    return join(folder, placed(names[0] ?? ''));
  } catch (error) {
    if (systemErrorText(error) === undefined) throw error;
    return undefined;
  }
}

/** Entries of the folder; of one that is not there or cannot be read, none. */
export function countAside(incoming: string): number {
  try {
    return readdirSync(join(incoming, ASIDE_NAME)).length;
  } catch (error) {
    if (systemErrorText(error) === undefined) throw error;
    return 0;
  }
}

function move(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to);
}
