/**
 * Appends to the record: chain, threads, parties, tags and index in one transaction a batch, so that all of it
 * is there or nothing. Several processes may append in turns: the end of the chain is read within each
 * transaction, and what is remembered is forgotten where somebody else moved it.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import type { Ahead, ArchiveDatabase, RecordDraft } from '../contract.ts';
import { Batch } from './batch.ts';
import { Chain } from './chain.ts';
import { EventPlaces } from './event-places.ts';
import { type Head, headText, putHead, takeHead } from './head.ts';
import { putMeta } from './meta.ts';
import { type Moment, type NewRecord, newEvent, newOther, withFacts } from './new-record.ts';
import { RecordLeaf } from './record-leaf.ts';

/** Records written at once: what is written need not be kept. */
const CHUNK = 512;
/** Records whose parties and threads are looked up together. */
const TOGETHER = 512;
/** Records placed before others have their turn. */
const AT_ONCE = 64;
/** Records between two writings of parties and threads: fewer than are remembered of them. */
const SLICE = 16_384;
const HOUR = 3600e6; // µs
export const THREAD_GAP = 12 * HOUR;

/** In `meta`: how far the spool was taken, in the words of the spool. */
export const SPOOL = 'spool';

export interface AppenderOptions {
  /** Microseconds of silence after which a new thread begins. */
  readonly threadGap?: number;
  /** Microseconds since 1970. */
  readonly now?: () => number;
  /** Parties and threads that need not be looked up again. */
  readonly remembered?: number;
  /** Records whose parties and threads are looked up together, where it is not as many as usual. */
  readonly together?: number;
}

/** Sequences of what was appended; `first` is beyond `last` where that was nothing. */
export interface Appended {
  readonly first: number;
  readonly last: number;
  /** Of the record at `last`. */
  readonly hash: Uint8Array;
}

interface Placement {
  readonly position: string | (() => string) | undefined;
  readonly name: string;
  readonly head?: Head | undefined;
}

export class Appender {
  readonly #archive: Archive;
  readonly #now: () => number;
  readonly #places: EventPlaces;
  readonly #together: number;
  readonly #leaf = new RecordLeaf();
  /** Where this appender left the chain; undefined: it does not know. */
  #head: Head | undefined;

  constructor(
    archive: Archive,
    {
      threadGap = THREAD_GAP,
      now = () => Date.now() * 1000,
      remembered,
      together = TOGETHER,
    }: AppenderOptions = {},
  ) {
    this.#archive = archive;
    this.#now = now;
    this.#places = new EventPlaces(threadGap, remembered);
    this.#together = together;
  }

  /**
   * All of `drafts`, or none; with them `position`, how far the spool was taken, under `name` in `meta`: gateways
   * with spools of their own may share an archive. A function is asked for it when all drafts are written, and
   * nothing is left but to commit.
   *
   * After an error the same drafts may be given again. Rejects with ArchiveError.
   */
  async append(
    drafts: Iterable<RecordDraft>,
    position?: string | (() => string),
    name: string = SPOOL,
  ): Promise<Appended> {
    try {
      const appended = await this.#archive.database.transaction((database) =>
        this.#all(database, drafts, { position, name }),
      );
      this.#places.worked()();
      return appended;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /**
   * `ahead` does more than `append`: the database can, and nobody else's work has to be looked at when a
   * transaction begins, as with keys that may be destroyed.
   */
  get goesAhead(): boolean {
    const { database, vault } = this.#archive;
    return database.ahead !== undefined && vault.refresh === undefined;
  }

  /**
   * As `append`, but resolves when nothing is left to do for them but to commit: then the next ones may be
   * given. What these reject with is lost together; each may be given again, in order.
   */
  async ahead(
    drafts: Iterable<RecordDraft>,
    position?: string | (() => string),
    name: string = SPOOL,
  ): Promise<Ahead<Appended>> {
    const { database } = this.#archive;
    if (database.ahead === undefined || !this.goesAhead || this.#places.isLong) {
      const result = await this.append(drafts, position, name);
      return { result, committed: Promise.resolve() };
    }
    const head = this.#head;
    try {
      const { result, committed } = await database.ahead(
        (inside) => this.#all(inside, drafts, { position, name, head }),
        head && { head: headText(head), known: this.#places.tables },
      );
      const done = this.#places.worked();
      return { result, committed: committed.then(done, (error) => this.#fail(error)) };
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #all(
    database: ArchiveDatabase,
    drafts: Iterable<RecordDraft>,
    { position, name, head }: Placement,
  ): Promise<Appended> {
    const done = await this.#within(database, drafts, head);
    const text = typeof position === 'function' ? position() : position;
    if (text !== undefined) await putMeta(database, name, text);
    return done;
  }

  #fail(error: unknown): never {
    this.#head = undefined;
    this.#places.failed();
    throw error;
  }

  /**
   * The same within a transaction that the caller has open: for audit records of what the same transaction
   * does. Where it fails, this appender may be used on.
   */
  within(database: ArchiveDatabase, drafts: Iterable<RecordDraft>): Promise<Appended> {
    return this.#within(database, drafts, undefined);
  }

  /** `known`: where the chain ends; this transaction is none where it does not. */
  async #within(
    database: ArchiveDatabase,
    drafts: Iterable<RecordDraft>,
    known: Head | undefined,
  ): Promise<Appended> {
    this.#archive.vault.refresh?.();
    const head = known ?? (await takeHead(database));
    if (this.#head === undefined || !isSame(head, this.#head)) this.#places.forget();
    // What is remembered from here on is of a state that may never be.
    this.#head = undefined;
    const end = await this.#write(database, drafts, head);
    if (end.sequence > head.sequence) await putHead(database, end);
    this.#head = end;
    return { first: head.sequence + 1, last: end.sequence, hash: end.hash };
  }

  /** The end of the chain after them. */
  async #write(
    database: ArchiveDatabase,
    drafts: Iterable<RecordDraft>,
    head: Head,
  ): Promise<Head> {
    let moment = this.#moment();
    const batch = new Batch(database);
    const leaf = this.#leaf;
    const chain = new Chain(head.hash);
    let { sequence } = head;
    for await (const some of this.#prepared(database, drafts)) {
      for (const draft of some) {
        sequence += 1;
        let record: NewRecord;
        if (draft.kind === 'event') {
          const complete = withFacts(draft);
          // Waiting costs, even for what is known: nearly every event is.
          const place =
            this.#places.remembered(complete) ?? (await this.#places.find(database, complete));
          record = newEvent(complete, place, this.#archive.vault, moment, leaf);
        } else record = newOther(draft, moment, leaf);
        const hash = chain.add(leaf.hash(sequence));
        batch.add(sequence, record, leaf.envelope, hash);
        if (this.#places.isFull || (sequence - head.sequence) % SLICE === 0) {
          await this.#places.flush(database);
          moment = this.#moment();
        }
        if (batch.size >= CHUNK) await batch.flush();
      }
    }
    // In this order: the statements of places make SQLite's search index write what it has collected.
    await batch.flush();
    await this.#places.flush(database);
    return { sequence, hash: Buffer.from(chain.hash) };
  }

  /** In pieces; what one of them needs is looked up while the one before it is placed and written. */
  async *#prepared(
    database: ArchiveDatabase,
    drafts: Iterable<RecordDraft>,
  ): AsyncGenerator<Iterable<RecordDraft>> {
    if (database.rowsOfEach === undefined) return yield drafts;
    const pieces = inPieces(drafts, this.#together);
    const begin = () => {
      const { value: piece, done } = pieces.next();
      if (done === true) return undefined;
      const ready = this.#places.prepare(database, piece.filter(isEvent).map(withFacts));
      ready.catch(() => undefined); // whoever waits for it hears of it
      return { piece, ready };
    };
    for (let coming = begin(); coming !== undefined; ) {
      const { piece, ready } = coming;
      await ready;
      coming = begin();
      for (let at = 0; at < piece.length; at += AT_ONCE) {
        yield piece.slice(at, at + AT_ONCE);
        // The connection has its turn: else the server would wait for what it is to write.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  #moment(): Moment {
    const now = this.#now();
    return { now, at: rfc3339(now) };
  }
}

function isSame(a: Head, b: Head): boolean {
  return a.sequence === b.sequence && Buffer.compare(a.hash, b.hash) === 0;
}

function isEvent(draft: RecordDraft): draft is Extract<RecordDraft, { kind: 'event' }> {
  return draft.kind === 'event';
}

function* inPieces<T>(all: Iterable<T>, length: number): Generator<T[], undefined> {
  let piece: T[] = [];
  for (const one of all) {
    piece.push(one);
    if (piece.length < length) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
