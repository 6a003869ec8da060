/** Batches out of the spool: the one that is being written, and the one after it, begun while that is committed. */
import type { EventDrafts } from '../record/draft-event.ts';
import type { Spool } from '../spool/spool.ts';
import type { MemorySpool } from './memory-spool.ts';
import { WaitingBatch } from './waiting-batch.ts';

/** Entries of one transaction: fewer pages of the indexes are written twice than with small ones. */
const MOST_ENTRIES = 16_000;
const MOST_OCTETS = 8 * 2 ** 20;
/** Drafts made of the next batch while one is committed, and how many at once. */
const AHEAD = 2048;
const AT_ONCE = 64;

export interface Drafting {
  readonly drafts: () => EventDrafts;
  readonly refuse: (line: string, why: string) => void;
  /** Entries of one transaction. */
  readonly most?: number | undefined;
}

export class BatchQueue {
  readonly #spool: Spool | MemorySpool;
  readonly #drafting: Drafting;
  #first: WaitingBatch | undefined;
  #next: WaitingBatch | undefined;
  /** Of the work that may go on; what was begun before it ends at its next step. */
  #ahead = 0;

  constructor(spool: Spool | MemorySpool, drafting: Drafting) {
    this.#spool = spool;
    this.#drafting = drafting;
  }

  /** Nothing was read that the database has not. */
  get isEmpty(): boolean {
    return this.#first === undefined && this.#next === undefined;
  }

  /** Nothing waits, read or not. */
  get isDrained(): boolean {
    return this.isEmpty && this.#spool.isDrained;
  }

  /** What was read and is not done, in order. */
  get pending(): readonly WaitingBatch[] {
    return [this.#first, this.#next].filter((batch) => batch !== undefined);
  }

  /** To be written now; the same until it is done. undefined: nothing was ever read. */
  take(): WaitingBatch | undefined {
    this.#first ??= this.#read();
    return this.#first;
  }

  /** To be written after the one that was taken; undefined: there is none. */
  following(): WaitingBatch | undefined {
    if (this.#next === undefined && !this.#spool.isDrained) this.#next = this.#read();
    return this.#next;
  }

  /** The database has it: the one that was taken. */
  done(batch: WaitingBatch): void {
    this.#first = this.#next;
    this.#next = undefined;
    this.#spool.acknowledge(batch.position);
  }

  /** Works on the next batch, in small steps, until `stopAhead`. Never rejects. */
  async workAhead(): Promise<void> {
    this.#ahead += 1;
    const mine = this.#ahead;
    while (mine === this.#ahead && this.#goAhead()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  stopAhead(): void {
    this.#ahead += 1;
  }

  /** False: there is no more to be done ahead. */
  #goAhead(): boolean {
    if (this.#next === undefined) {
      if (this.#spool.isDrained) return false;
      this.#next = this.#read();
    }
    return this.#next?.draftAhead(AT_ONCE, AHEAD) ?? false;
  }

  #read(): WaitingBatch | undefined {
    const { drafts, refuse, most = MOST_ENTRIES } = this.#drafting;
    return WaitingBatch.of(this.#spool.read(most, MOST_OCTETS), drafts(), refuse);
  }
}
