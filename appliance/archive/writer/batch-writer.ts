/**
 * Writes batches into the database, each with the position of the spool after it in one transaction. What the
 * database refuses for what it is goes into quarantine, and holds up nothing else.
 */
import { ArchiveError } from '../archive-error.ts';
import type { RecordDraft } from '../contract.ts';
import type { Appended } from '../record/appender.ts';
import { isAtOrPast } from '../spool/spool-position.ts';
import type { OpenLink } from './database-link.ts';
import { type TakenPosition, writePosition } from './taken-position.ts';
import { unwantedEntry, withUnwanted } from './unwanted-events.ts';
import type { Taken, WaitingBatch } from './waiting-batch.ts';

/** Lines refused one after the other: then it is not the lines that are wrong. */
const MOST_REFUSED = 100;

/** With the database, but for the commit. */
export interface CommittingBatch {
  readonly batch: WaitingBatch;
  readonly committed: Promise<void>;
}

export interface BatchWriterParts {
  /** Of the position in `meta`. */
  readonly name: () => string;
  /** A line can never be a record. */
  readonly refuse: (line: string, why: string) => void;
  /** So many records were written. */
  readonly recorded: (records: number) => void;
  /** All of a batch is with the database, and nothing is left to do for it but to wait for the commit. */
  readonly committing: () => void;
}

export class BatchWriter {
  readonly #parts: BatchWriterParts;
  readonly counts = { archived: 0, unwanted: 0, lost: 0, commits: 0, commitSeconds: 0 };
  /** Of the last record. */
  sequence: number | undefined;
  /** As the database has it. */
  #taken: TakenPosition | undefined;
  /** As the last transaction of a row has it, which is not committed yet. */
  #committing: TakenPosition | undefined;
  #refusedInRow = 0;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
  }

  /** As far as the database had the spool when it was opened. */
  begin(taken: TakenPosition): void {
    this.#taken = taken;
  }

  /** Opened again: did transactions whose end was not heard of come through, or a half of what waits? */
  resume(taken: TakenPosition, pending: readonly WaitingBatch[]): void {
    const before = this.#taken;
    if (before !== undefined && writePosition(before) === writePosition(taken)) return;
    this.begin(taken);
    for (const batch of pending) {
      if (taken.generation !== batch.position.generation) return;
      this.#count(batch.tookUpTo(taken.number));
    }
  }

  /** False: the database had all of it already. Rejects where it is to be tried again. */
  async write(open: OpenLink, batch: WaitingBatch): Promise<boolean> {
    const { from, to, position, missing } = batch;
    const isNew = this.#taken === undefined || !isAtOrPast(this.#taken, position);
    if (from === to && !isNew) return false;
    await this.#append(open, batch, from, to);
    this.counts.lost += missing;
    return true;
  }

  /**
   * Writes all of it, and resolves when only the commit is left, which is what is returned: the next batch may be
   * begun meanwhile. Whatever rejects: `write` tries again, and finds out why.
   */
  async writeAhead(open: OpenLink, batch: WaitingBatch): Promise<CommittingBatch> {
    const { from, to, missing } = batch;
    const before = this.#committing ?? this.#taken;
    const { taken, began, text } = this.#position(() => ({
      ...batch.positionAt(to),
      notArchived: withUnwanted(before?.notArchived, batch.unwantedTo(to)),
    }));
    const drafts = batch.drafts(from, to);
    const { result, committed } = await open.appender.ahead(drafts, text, this.#parts.name());
    const own = taken();
    this.#committing = own;
    const end = () => {
      if (this.#committing === own) this.#committing = undefined;
    };
    const ended = committed.then(() => {
      end();
      this.#committed(result, own, began);
      this.#count(batch.took(to));
      this.counts.lost += missing;
      this.#refusedInRow = 0;
    });
    ended.catch(end);
    return { batch, committed: ended };
  }

  /** Events that policy did not want, as an entry of the record: with the position that forgets their count. */
  async tellUnwanted(open: OpenLink, now: boolean): Promise<boolean> {
    const ledger = unwantedEntry(this.#taken?.notArchived, now);
    if (ledger === undefined) return false;
    const { generation = 0, number = 0 } = this.#taken ?? {};
    await this.#commit(open, [{ kind: 'ledger', ledger }], () => ({ generation, number }));
    return true;
  }

  /** All of it; where the database refuses it for what it is, what is to blame is found by halves. */
  async #append(open: OpenLink, batch: WaitingBatch, from: number, to: number): Promise<void> {
    try {
      await this.#commit(open, batch.drafts(from, to), () => {
        if (to === batch.to) this.#parts.committing();
        return this.#after(batch, to);
      });
      this.#count(batch.took(to));
      if (to > from) this.#refusedInRow = 0;
    } catch (error) {
      if (to === from || (error instanceof ArchiveError && error.retry)) throw error;
      if (this.#refusedInRow >= MOST_REFUSED) throw error;
      // Where not even a position can be written, it is not the lines that are wrong.
      const taken = this.#taken;
      if (taken !== undefined) await this.#commit(open, [], () => taken);
      if (to - from === 1) {
        this.#refusedInRow += 1;
        this.#parts.refuse(batch.line(from), messageOf(error));
        await this.#commit(open, [], () => this.#after(batch, to));
        this.#count(batch.refused(to));
        return;
      }
      const half = from + ((to - from) >> 1);
      await this.#append(open, batch, from, half);
      await this.#append(open, batch, half, to);
    }
  }

  /** `position` is asked for when the drafts are written. */
  async #commit(
    { appender }: OpenLink,
    drafts: Iterable<RecordDraft>,
    position: () => TakenPosition,
  ): Promise<void> {
    const { taken, began, text } = this.#position(position);
    const appended = await appender.append(drafts, text, this.#parts.name());
    this.#committed(appended, taken(), began);
  }

  /** Where the database stands when it has the entries before `end` too. */
  #after(batch: WaitingBatch, end: number): TakenPosition {
    const notArchived = withUnwanted(this.#taken?.notArchived, batch.unwantedTo(end));
    return { ...batch.positionAt(end), notArchived };
  }

  #count({ archived, unwanted }: Taken): void {
    this.counts.archived += archived;
    this.counts.unwanted += unwanted;
  }

  #position(position: () => TakenPosition) {
    let taken: TakenPosition | undefined;
    const text = () => {
      taken = position();
      return writePosition(taken);
    };
    return { taken: () => taken, began: performance.now(), text };
  }

  #committed({ first, last }: Appended, taken: TakenPosition | undefined, began: number): void {
    this.#taken = taken;
    this.counts.commits += 1;
    this.counts.commitSeconds += (performance.now() - began) / 1000;
    if (last < first) return;
    this.#parts.recorded(last - first + 1);
    this.sequence = last;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
