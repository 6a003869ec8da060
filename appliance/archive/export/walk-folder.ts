/** Everything in a folder, by name from it, in order. Folders are entered, never followed through links. */
import { opendirSync } from 'node:fs';
import { join } from 'node:path';

export interface FoundFile {
  readonly name: string;
  /** No link, device, socket, …. */
  readonly isFile: boolean;
}

export function* walkFolder(root: string, below = ''): Iterable<FoundFile> {
  const folder = opendirSync(join(root, below));
  const entries = [];
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync())
      entries.push(entry);
  } finally {
    folder.closeSync();
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walkFolder(root, name);
    else yield { name, isFile: entry.isFile() };
  }
}
