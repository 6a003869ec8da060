/** How much room is left where an archive writes: its home folder, and the folder of its database file. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ArchiveTarget, homePaths } from '../target.ts';

/** Milliseconds between two looks. */
const EVERY = 5000;

export class FreeRoom {
  readonly #folders: readonly string[];
  #free: number | undefined;
  #lookedAt = -Infinity;

  constructor(target: ArchiveTarget) {
    const { folder } = homePaths(target);
    this.#folders = target.kind === 'sqlite' ? [folder, dirname(target.path)] : [folder];
  }

  /** Octets, on the fullest of its file systems; undefined: a folder is not there. */
  get free(): number | undefined {
    const now = performance.now();
    if (now < this.#lookedAt + EVERY) return this.#free;
    this.#lookedAt = now;
    try {
      this.#free = Math.min(...this.#folders.map(freeIn));
    } catch {
      this.#free = undefined;
    }
    return this.#free;
  }
}

/** Octets that who is not root may write. Throws what the file system says. */
export function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
