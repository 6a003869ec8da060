/**
 * Is the file that was opened still the one that its path names? SQLite does not ask: it goes on writing into a
 * file that somebody moved, deleted or replaced, and what it commits there nobody finds again.
 *
 * The file is only asked about, never opened: closing it here would end the locks that SQLite has on it in this
 * process (https://sqlite.org/howtocorrupt.html, 2.2).
 */
import { statSync } from 'node:fs';
import { systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveTarget } from '../target.ts';

/** Octets: SQLite's smallest page; of what has less even the header is gone. */
const LEAST = 512;

export class ArchivePlace {
  /** undefined: a server's, which minds its own files. */
  readonly #path: string | undefined;
  readonly #file: string | undefined;

  /** `target` was just opened. Throws ArchiveError where it is gone already. */
  constructor(target: ArchiveTarget) {
    if (target.kind !== 'sqlite') return;
    this.#path = target.path;
    this.#file = this.#look(target.path);
  }

  /** Throws ArchiveError: what was written last may be lost, and nothing more is to be written. */
  check(): void {
    const path = this.#path;
    if (path === undefined || this.#look(path) === this.#file) return;
    throw this.#fault('another file has taken its place');
  }

  /** Which file it is. */
  #look(path: string): string {
    try {
      const { dev, ino, size } = statSync(path);
      if (size >= LEAST) return `${dev}:${ino}`;
    } catch (error) {
      throw this.#fault(systemErrorText(error) ?? String(error));
    }
    throw this.#fault('somebody emptied it');
  }

  #fault(why: string): ArchiveError {
    return new ArchiveError(
      `${this.#path}: the archive is not what was opened any more: ${why}`,
      'Put it back, or its newest backup (sallyport archive restore). Until then events wait in the spool; those archived last may be lost.',
      true,
    );
  }
}
