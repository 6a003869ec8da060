/** What a crash left in `incoming/`: octets without a note, and what was half written. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NOTE_SUFFIX } from './kept-note.ts';

/** Milliseconds after which what somebody was writing is nobody's. */
const FORGOTTEN = 24 * 3_600_000;

/** Throws what the file system says. */
export function tidyIncoming(folder: string): void {
  const names = readdirSync(folder);
  const there = new Set(names);
  const now = Date.now();
  for (const name of names) {
    if (name.endsWith(NOTE_SUFFIX) || there.has(`${name}${NOTE_SUFFIX}`)) continue;
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.isDirectory()) continue;
    if (now - found.mtimeMs > FORGOTTEN) rmSync(path, { force: true });
  }
}
