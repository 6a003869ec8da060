/**
 * Tells when files or folders of rule files change. Editors and configuration management replace files
 * by renaming, write them in several steps, and swap whole folders behind a symbolic link: so folders are
 * watched, what they say only prompts a look, and a change counts once it stands still.
 */
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Milliseconds after a first sign until one looks, and within which nothing more may change. */
const SETTLE = 250;
/** Milliseconds after which one looks in any case: network file systems and full inotify tables say nothing. */
const LOOK_EVERY = 5000;
/** Looks after which a file that never stands still is taken as it is. */
const MOST_WAITS = 20;

export interface FileWatchOptions {
  readonly settle?: number;
  readonly lookEvery?: number;
}

export class FileWatch {
  readonly #changed: () => void;
  readonly #settle: number;
  readonly #look: NodeJS.Timeout;
  /** By path: what it was when it was last told of, or first watched. */
  #known = new Map<string, string>();
  #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    changed: () => void,
    { settle = SETTLE, lookEvery = LOOK_EVERY }: FileWatchOptions = {},
  ) {
    this.#changed = changed;
    this.#settle = settle;
    this.#look = setInterval(() => this.#prompt(), lookEvery);
    this.#look.unref();
  }

  /** From here on these, and no others. What changed since a path was first given is still told. */
  set(paths: readonly string[]): void {
    if (this.#closed) return;
    const known = new Map<string, string>();
    for (const path of paths.map((p) => resolve(p))) {
      known.set(path, this.#known.get(path) ?? signatureOf(path));
    }
    this.#known = known;
    this.#watchFolders();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#look);
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #prompt(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#after(() => {
      const now = this.#signatures();
      if (this.#differs(now)) this.#wait(now, 0);
    });
  }

  #wait(before: ReadonlyMap<string, string>, waits: number): void {
    this.#after(() => {
      const now = this.#signatures();
      if (!isSame(now, before) && waits < MOST_WAITS) {
        this.#wait(now, waits + 1);
        return;
      }
      const changed = this.#differs(now);
      this.#known = now;
      this.#watchFolders(); // what was replaced is another folder now
      if (changed) this.#changed();
    });
  }

  #after(act: () => void): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      act();
    }, this.#settle);
    this.#timer.unref();
  }

  #signatures(): Map<string, string> {
    return new Map([...this.#known.keys()].map((path) => [path, signatureOf(path)]));
  }

  #differs(now: ReadonlyMap<string, string>): boolean {
    return !isSame(now, this.#known);
  }

  #watchFolders(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers = new Map();
    for (const folder of new Set([...this.#known.keys()].flatMap(foldersOf))) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#prompt());
        watcher.on('error', () => watcher.close()); // the folder went away: the next look tells
        this.#watchers.set(folder, watcher);
      } catch {
        // Not to be watched, or no more watches to be had: it is looked at every LOOK_EVERY.
      }
    }
  }
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, signature]) => b.get(path) === signature);
}

/** The folder itself where it is one, and the nearest folder above that is there. */
function foldersOf(path: string): string[] {
  let above = dirname(path);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  try {
    return statSync(path).isDirectory() ? [path, above] : [above];
  } catch {
    return [above];
  }
}

/** The same for the same file unchanged; of a folder, its rule files. A folder within is none, whatever its name. */
function signatureOf(path: string, within = false): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, isDirectory } = statOf(path);
    if (!isDirectory || within) return [dev, ino, size, mtimeNs, ctimeNs].join();
    const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
    return names
      .sort()
      .map((name) => `${name}=${signatureOf(join(path, name), true)}`)
      .join(';');
  } catch {
    return 'absent';
  }
}

function statOf(path: string) {
  const stat = statSync(path, { bigint: true });
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  return { dev, ino, size, mtimeNs, ctimeNs, isDirectory: stat.isDirectory() };
}
