/** Text files from disk, for the loaders of rules and services. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostics, Place } from './diagnostic.ts';
import type { Opened } from './open-file.ts';
import { notText } from './text-file.ts';

/** The file, or a folder's `*.yaml` by name. `what`: as messages call them. */
export function yamlFiles(path: string, what: string, found: Diagnostics): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
    if (names.length === 0) found.error(topOf(path), `no ${what} files (*.yaml) in this folder`);
    return names.sort().map((name) => join(path, name));
  } catch (fault) {
    found.error(topOf(path), 'cannot read this', reasonOf(fault));
    return [];
  }
}

/** `limit`: octets. */
export function readText(path: string, limit: number): Opened {
  try {
    const stat = statSync(path);
    // A pipe or device may never end, or never begin: a reload would wait for it for ever.
    if (!stat.isFile() && !stat.isDirectory()) return { fault: 'not a regular file' };
    const { size } = stat;
    if (size > limit) return { fault: `larger than ${limit >> 20} MiB` };
    const octets = readFileSync(path);
    const fault = notText(octets);
    return fault === undefined
      ? { file: path, text: octets.toString('utf8') }
      : { fault, file: path };
  } catch (fault) {
    return { fault: reasonOf(fault) };
  }
}

export function topOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

function reasonOf(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return fault instanceof Error ? fault.message : String(fault);
}
