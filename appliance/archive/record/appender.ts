/**
 * Appends to the record: chain, threads, parties, tags and index in one transaction a batch, so that all of it
 * is there or nothing. Several processes may append in turns: the end of the chain is read within each
 * transaction, and what is remembered is forgotten where somebody else moved it.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import type { ArchiveDatabase, RecordDraft } from '../contract.ts';
import { Batch } from './batch.ts';
import { leafOf, nextHash } from './chain.ts';
import { EventPlaces } from './event-places.ts';
import { type Head, putHead, takeHead } from './head.ts';
import { putMeta } from './meta.ts';
import { type Moment, type NewRecord, newEvent, newOther, withFacts } from './new-record.ts';

/** Records written at once: what is written need not be kept. */
const CHUNK = 512;
/** Records between two writings of parties and threads: fewer than are remembered of them. */
const SLICE = 4096;
const HOUR = 3600e6; // µs
export const THREAD_GAP = 12 * HOUR;

/** In `meta`: how far the spool was taken, in the words of the spool. */
export const SPOOL = 'spool';

export interface AppenderOptions {
  /** Microseconds of silence after which a new thread begins. */
  readonly threadGap?: number;
  /** Microseconds since 1970. */
  readonly now?: () => number;
}

/** Sequences of what was appended; `first` is beyond `last` where that was nothing. */
export interface Appended {
  readonly first: number;
  readonly last: number;
  /** Of the record at `last`. */
  readonly hash: Uint8Array;
}

export class Appender {
  readonly #archive: Archive;
  readonly #now: () => number;
  readonly #places: EventPlaces;
  /** Where this appender left the chain; undefined: it does not know. */
  #head: Head | undefined;

  constructor(
    archive: Archive,
    { threadGap = THREAD_GAP, now = () => Date.now() * 1000 }: AppenderOptions = {},
  ) {
    this.#archive = archive;
    this.#now = now;
    this.#places = new EventPlaces(threadGap);
  }

  /**
   * All of `drafts`, or none; with them `position`, how far the spool was taken, under `name` in `meta`: gateways
   * with spools of their own may share an archive.
   *
   * After an error the same drafts may be given again. Rejects with ArchiveError.
   */
  async append(
    drafts: readonly RecordDraft[],
    position?: string,
    name: string = SPOOL,
  ): Promise<Appended> {
    try {
      const appended = await this.#archive.database.transaction(async (database) => {
        const done = await this.within(database, drafts);
        if (position !== undefined) await putMeta(database, name, position);
        return done;
      });
      this.#places.committed();
      return appended;
    } catch (error) {
      this.#head = undefined;
      this.#places.failed();
      throw error;
    }
  }

  /**
   * The same within a transaction that the caller has open: for audit records of what the same transaction
   * does. Where it fails, this appender may be used on.
   */
  async within(database: ArchiveDatabase, drafts: readonly RecordDraft[]): Promise<Appended> {
    this.#archive.vault.refresh?.();
    const head = await takeHead(database);
    if (this.#head === undefined || !isSame(head, this.#head)) this.#places.forget();
    // What is remembered from here on is of a state that may never be.
    this.#head = undefined;
    let end = head;
    for (let start = 0; start < drafts.length; start += SLICE) {
      end = await this.#slice(database, drafts.slice(start, start + SLICE), end);
    }
    if (drafts.length > 0) await putHead(database, end);
    this.#head = end;
    return { first: head.sequence + 1, last: end.sequence, hash: end.hash };
  }

  async #slice(
    database: ArchiveDatabase,
    drafts: readonly RecordDraft[],
    head: Head,
  ): Promise<Head> {
    const now = this.#now();
    const moment = { now, at: rfc3339(now) };
    const batch = new Batch();
    let { sequence, hash } = head;
    for (const draft of drafts) {
      const record =
        draft.kind === 'event'
          ? await this.#event(database, draft, moment)
          : newOther(draft, moment);
      sequence += 1;
      hash = nextHash(hash, leafOf(sequence, record.envelope));
      batch.add(sequence, record, hash);
      if (batch.size === CHUNK) await batch.flush(database);
    }
    await this.#places.flush(database);
    await batch.flush(database);
    return { sequence, hash };
  }

  async #event(
    database: ArchiveDatabase,
    draft: Extract<RecordDraft, { kind: 'event' }>,
    moment: Moment,
  ): Promise<NewRecord> {
    const complete = withFacts(draft);
    const place =
      this.#places.remembered(complete) ?? (await this.#places.find(database, complete));
    return newEvent(complete, place, this.#archive.vault, moment);
  }
}

function isSame(a: Head, b: Head): boolean {
  return a.sequence === b.sequence && Buffer.compare(a.hash, b.hash) === 0;
}
