/**
 * Numbers of parties and threads: 1, 2, 3, … None is given twice, not even after its row was purged, since
 * exports and audit records go on naming it.
 */
import type { ArchiveDatabase } from '../contract.ts';
import { putMeta, readMeta } from './meta.ts';

export class Numbers {
  readonly #name: string;
  #last: number | undefined;
  #written = 0;

  constructor(of: 'party' | 'conversation') {
    this.#name = `last-${of}`;
  }

  forget(): void {
    this.#last = undefined;
  }

  async next(database: ArchiveDatabase): Promise<number> {
    if (this.#last === undefined) {
      this.#last = Number((await readMeta(database, this.#name)) ?? 0);
      this.#written = this.#last;
    }
    this.#last += 1;
    return this.#last;
  }

  async flush(database: ArchiveDatabase): Promise<void> {
    if (this.#last === undefined || this.#last === this.#written) return;
    await putMeta(database, this.#name, String(this.#last));
    this.#written = this.#last;
  }
}
