/**
 * Where a running gateway writes its events: a file that is added to, or standard output. Writes are
 * asynchronous, one at a time, so that a slow disk or reader never stops the main thread. A disk that is
 * full is said once; lines that cannot be written within a patience are counted as lost, and writing goes on.
 */
import {
  close,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  write,
} from 'node:fs';
import { errorCode, systemErrorText, UserError } from '../cli/user-error.ts';
import type { Log } from '../log/log.ts';

const LINE_FEED = 0x0a;
/** Milliseconds that lines wait for a disk that has no room, before they are lost. */
const PATIENCE = 3000;
const RETRY_MILLISECONDS = 50;
const STANDARD_OUTPUT = 1;
const ADDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

export interface EventsOutOptions {
  readonly log: Log;
  /** The reader of standard output or of a pipe has gone for good. */
  readonly onReaderGone: () => void;
  readonly patience?: number;
  /** Whose a file is that is made: who writes into it later. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

export class EventsOut {
  /** Lines that could not be written. */
  lost = 0;
  readonly #path: string;
  readonly #options: EventsOutOptions;
  #fd: number;
  /** The last octet written did not end a line. */
  #torn: boolean;
  /** When writing began to fail, performance.now(); undefined while it works. */
  #failingSince: number | undefined = undefined;
  #readerGone = false;
  /** A descriptor that is written to is neither closed nor exchanged: its number may soon be another file's. */
  #writing = false;
  #afterwards: (() => void) | undefined;

  /** `path` '-' is standard output. Throws UserError. */
  constructor(path: string, options: EventsOutOptions) {
    this.#path = path;
    this.#options = options;
    this.#fd = openForAdding(path, options.owner !== undefined && process.getuid?.() === 0);
    if (path !== '-') giveTo(this.#fd, options.owner);
    this.#torn = path !== '-' && endsWithinLine(path);
  }

  /** Resolves when the lines are written or lost. The octets are lent until then. Never rejects. One at a time. */
  async write(lines: Uint8Array): Promise<void> {
    this.#writing = true;
    await this.#write(lines);
    this.#writing = false;
    this.#afterwards?.();
    this.#afterwards = undefined;
  }

  async #write(lines: Uint8Array): Promise<void> {
    if (this.#readerGone) {
      this.lost += linesIn(lines, 0);
      return;
    }
    if (this.#torn) {
      this.#torn = false;
      if ((await this.#writeAll(NEW_LINE)) === 0) this.#torn = true;
    }
    const written = await this.#writeAll(lines);
    if (written === lines.length) return;
    this.lost += linesIn(lines, written);
    if (written > 0) this.#torn = lines[written - 1] !== LINE_FEED;
  }

  /** The file may have been renamed away: lines go to a new one of the same name from here on. */
  reopen(): void {
    if (this.#path !== '-') this.#atRest(() => this.#reopen());
  }

  /** Resolves when the last lines are written or lost. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#atRest(() => {
        if (this.#path !== '-') closeSync(this.#fd);
        resolve();
      });
    });
  }

  #reopen(): void {
    if (this.#isInPlace()) return;
    try {
      const fd = openForAdding(this.#path, false);
      close(this.#fd, () => undefined);
      this.#fd = fd;
      this.#torn = endsWithinLine(this.#path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log.error(`${why}; events go on into the file that was open before`);
    }
  }

  /** Now, or when the lines in hand are written: none is torn between two files. */
  #atRest(act: () => void): void {
    if (this.#writing) this.#afterwards = act;
    else act();
  }

  /** The file of this name is the one that is open. */
  #isInPlace(): boolean {
    try {
      const there = statSync(this.#path);
      const open = fstatSync(this.#fd);
      return there.ino === open.ino && there.dev === open.dev;
    } catch {
      return false;
    }
  }

  /** How many of the octets were written. */
  async #writeAll(octets: Uint8Array): Promise<number> {
    let at = 0;
    while (at < octets.length) {
      const result = await writeSome(this.#fd, octets, at);
      if (typeof result === 'number') {
        at += result;
        this.#works();
        continue;
      }
      const code = errorCode(result);
      if (code === 'EPIPE') {
        this.#gone();
        return at;
      }
      // A pipe that another process made non-blocking says EAGAIN where it should wait.
      if (code !== 'EAGAIN' && !this.#bears(result)) return at;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    }
    return at;
  }

  #works(): void {
    if (this.#failingSince === undefined) return;
    this.#failingSince = undefined;
    this.#options.log.info(`${this.#name}: events are written again`, { lost: this.lost });
  }

  /** Whether it is worth waiting once more. */
  #bears(error: unknown): boolean {
    const now = performance.now();
    if (this.#failingSince === undefined) {
      this.#failingSince = now;
      const why = systemErrorText(error) ?? String(error);
      this.#options.log.error(`${this.#name}: events cannot be written: ${why}`);
    }
    return now - this.#failingSince < (this.#options.patience ?? PATIENCE);
  }

  #gone(): void {
    this.#readerGone = true;
    this.#options.log.warn(`${this.#name}: the reader of the events has gone`);
    this.#options.onReaderGone();
  }

  get #name(): string {
    return this.#path === '-' ? 'standard output' : this.#path;
  }
}

const NEW_LINE = Uint8Array.of(LINE_FEED);

/**
 * `asRoot`: for another account, to which the folder may belong. A link that it put there would have us make,
 * and give it, a file anywhere.
 */
function openForAdding(path: string, asRoot: boolean): number {
  if (path === '-') return STANDARD_OUTPUT;
  try {
    return openNow(path, asRoot ? ADDING | constants.O_NOFOLLOW : ADDING);
  } catch (error) {
    if (errorCode(error) === 'ELOOP') {
      throw new UserError(
        `${path}: events cannot be written there: it is a symbolic link, which is not followed where root opens for another account`,
        'Name the file itself, or start as that account.',
      );
    }
    const why = errorCode(error) === 'ENXIO' ? 'nobody reads this pipe' : systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(`${path}: events cannot be written there: ${why}`);
  }
}

/** A pipe that nobody reads is not waited for: this thread has a wire to guard. */
function openNow(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_NONBLOCK, 0o640);
  if (!fstatSync(fd).isFIFO()) return fd;
  try {
    return openSync(path, flags); // there is a reader: writing may wait for it, in its own thread
  } finally {
    closeSync(fd);
  }
}

/** Only an empty file: one that has events has an owner who wanted it so. */
function giveTo(fd: number, owner: EventsOutOptions['owner']): void {
  if (owner === undefined || process.getuid?.() !== 0) return;
  const stat = fstatSync(fd);
  if (stat.isFile() && stat.size === 0 && stat.nlink === 1) fchownSync(fd, owner.uid, owner.gid);
}

/** What a run that was killed left behind: the next line begins anew. */
function endsWithinLine(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return false; // may be written and not read: then a torn line is left as it is
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size === 0) return false;
    const last = new Uint8Array(1);
    readSync(fd, last, 0, 1, stat.size - 1);
    return last[0] !== LINE_FEED;
  } finally {
    closeSync(fd);
  }
}

function writeSome(fd: number, octets: Uint8Array, at: number): Promise<number | Error> {
  return new Promise((resolve) => {
    write(fd, octets, at, octets.length - at, null, (error, count) => resolve(error ?? count));
  });
}

/** Line feeds from `at` on. */
export function linesIn(octets: Uint8Array, at: number): number {
  let lines = 0;
  for (let i = octets.indexOf(LINE_FEED, at); i !== -1; i = octets.indexOf(LINE_FEED, i + 1)) {
    lines += 1;
  }
  return lines;
}
