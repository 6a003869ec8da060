/**
 * The archive of a running gateway, as its main thread sees it: lines go to a thread of its own, which has them
 * on the disk before it asks for many more. Here nothing waits for a disk or a database: what the thread cannot
 * take within a patience is counted, and told of in the record.
 */
import { Worker } from 'node:worker_threads';
import { rfc3339 } from '../../src/event/time.ts';
import type { LedgerEntry } from '../archive/contract.ts';
import { NOTHING_TAKEN } from '../archive/files/take-over-counters.ts';
import { type ArchiveTarget, readTarget } from '../archive/target.ts';
import type { CarriedKey } from '../archive/vault/carried-key.ts';
import { OwedEntries } from '../archive/writer/owed-entries.ts';
import {
  WORDS,
  Word,
  type WriterOrder,
  type WriterReport,
  type WriterSetup,
  type WriterStatus,
} from '../archive/writer/writer-messages.ts';
import { UserError } from '../cli/user-error.ts';
import type { ArchiveSettings, GatewaySettings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { addCounts } from './add-counts.ts';
import type { Change, Changeable } from './change-over.ts';
import type { EventsSink } from './event-pump.ts';
import { linesIn } from './events-out.ts';

/** Octets that the thread may have and not have acknowledged. */
const MOST_OUTSTANDING = 16 * 2 ** 20;
/** Milliseconds that lines wait for room; after a wait in vain none does before half of it is free. */
const PATIENCE = 1000;
const LOOK_EVERY = 5;
/** Milliseconds until a thread that died is started again. */
const RESTART_AFTER = 1000;
/** Milliseconds between two words in the log of what goes on being lost. */
const TELL_EVERY = 60_000;
/** Milliseconds: to drain at the end, and for the thread to end after that. */
const DRAIN = 8000;
const END = 4000;
/** MiB. */
const MOST_MEMORY = 1024;

/** A thread, or what a test has instead of it. */
export interface WriterThread {
  postMessage(order: WriterOrder, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', heard: (report: WriterReport) => void): unknown;
  on(event: 'error', heard: (error: Error) => void): unknown;
  on(event: 'exit', heard: () => void): unknown;
  terminate(): Promise<unknown>;
}

export type SpawnWriter = (setup: WriterSetup) => WriterThread;

export const spawnWriter: SpawnWriter = (workerData) =>
  new Worker(new URL('../archive/writer/writer-main.js', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });

/** Counts since the start of the process, across restarts of the thread. */
export interface ArchiveStatus extends WriterStatus {
  /** Times the thread died and was started again. */
  readonly restarts: number;
  /** When it was last known to have lost an event, milliseconds since 1970; undefined: it has lost none. */
  readonly lostAt: number | undefined;
}

export interface ArchiveRecordParts {
  readonly settings: ArchiveSettings & { readonly store: string };
  /** File of the policy's directory. */
  readonly directory?: string | undefined;
  readonly log: Log;
  readonly spawn?: SpawnWriter;
}

interface Outstanding {
  readonly octets: number;
  readonly lines: number;
}

export class ArchiveRecord implements EventsSink, Changeable {
  readonly target: ArchiveTarget;
  /** Wraps the keys of files that come; undefined: the archive does not encrypt. Known once `start` has resolved. */
  key: CarriedKey | undefined;
  readonly #log: Log;
  readonly #spawn: SpawnWriter;
  readonly #directory: string | undefined;
  #settings: ArchiveSettings;
  #thread: WriterThread | undefined;
  #words: Int32Array = new Int32Array(WORDS);
  #heard: WriterStatus | undefined;
  /** Of threads that died. */
  #before: Counted = NOTHING;
  #restarts = 0;
  /** Events that did not reach the thread, or died with it. */
  #lostHere = 0;
  #lostAt: number | undefined;
  #toldAt = 0;
  readonly #owed = new OwedEntries();
  readonly #outstanding: Outstanding[] = [];
  #octets = 0;
  #done = 0;
  #overrun = false;
  #stopping = false;

  constructor({ settings, directory, log, spawn = spawnWriter }: ArchiveRecordParts) {
    this.#directory = directory;
    this.target = readTarget(settings.store, settings.home);
    this.#settings = settings;
    this.#log = log;
    this.#spawn = spawn;
  }

  /** Resolves when it takes lines; the database may be away. Rejects with UserError. */
  async start(): Promise<void> {
    const refused = await this.#begin();
    if (refused !== undefined) throw refused;
  }

  /** Resolves when the lines are handed over, or lost; never rejects. */
  async write(lines: Uint8Array): Promise<void> {
    if (!this.#hasRoom() && !(await this.#awaitRoom())) {
      this.#lose(linesIn(lines, 0), 'the archive did not take events as fast as they came');
      return;
    }
    this.#tellOwed();
    const octets = new Uint8Array(lines); // a copy, out of the memory of the ring
    this.#outstanding.push({ octets: octets.length, lines: linesIn(octets, 0) });
    this.#octets += octets.length;
    this.#thread?.postMessage({ type: 'lines', octets }, [octets.buffer]);
  }

  /** Becomes a record in its place among the events. */
  ledger(entry: LedgerEntry): void {
    this.#owed.add(entry);
    this.#tellOwed();
  }

  get status(): ArchiveStatus {
    const heard = this.#heard ?? this.#unheard();
    const sum = addCounts(this.#before, heard);
    return {
      ...heard,
      ...sum,
      up: this.#thread !== undefined && heard.up,
      lost: sum.lost + this.#lostHere,
      restarts: this.#restarts,
      lostAt: this.#lostAt,
    };
  }

  async prepare({ archive }: GatewaySettings): Promise<Change> {
    return {
      commit: () => {
        this.#settings = archive;
        this.#thread?.postMessage({ type: 'settings', settings: archive });
      },
      discard: () => undefined,
    };
  }

  /** Drains within some seconds; what is left stays in the spool, and is told of. */
  async close(): Promise<void> {
    this.#stopping = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#tellOwed();
    const ended = new Promise<void>((resolve) => {
      thread.on('exit', () => resolve());
      setTimeout(resolve, DRAIN + END).unref();
    });
    thread.postMessage({ type: 'stop', within: DRAIN });
    await ended;
    await thread.terminate();
    this.#thread = undefined;
    this.#tellEnd();
  }

  /** Why it does not archive; undefined: it does. */
  #begin(): Promise<UserError | undefined> {
    const memory = new SharedArrayBuffer(4 * WORDS);
    this.#words = new Int32Array(memory);
    this.#done = 0;
    const [settings, directory] = [this.#settings, this.#directory];
    const setup = { target: this.target, settings, directory, memory };
    const thread = this.#spawn({ ...setup, through: 'spool' });
    return new Promise((resolve) => {
      let fault: UserError | undefined;
      thread.on('message', (report) => {
        if (report.type === 'refused') fault = new UserError(report.message, report.advice);
        else if (report.type === 'log') this.#log[report.level](report.message, report.facts);
        else if (report.type !== 'failed') this.#hear(report.status);
        if (report.type !== 'ready') return;
        this.#thread = thread;
        this.key = report.key;
        resolve(undefined);
      });
      thread.on('error', (error) => {
        this.#log.error('the thread of the archive died', { error });
        fault ??= new UserError(`the archive cannot be opened: ${error.message}`);
      });
      thread.on('exit', () => {
        const ran = this.#thread === thread;
        resolve(fault ?? new UserError('the thread of the archive ended'));
        if (ran && !this.#stopping) this.#died();
      });
    });
  }

  #hear(status: WriterStatus): void {
    if (status.lost > (this.#heard?.lost ?? 0)) this.#noteLoss();
    this.#heard = status;
  }

  /** The record tells of each; the log of the first, and that it goes on. */
  #noteLoss(): void {
    const now = Date.now();
    if (this.#lostAt === undefined || now - this.#toldAt >= TELL_EVERY) {
      this.#toldAt = now;
      const advice = 'The spool or its disk is full, its folder is gone, or its thread died.';
      this.#log.error('events are lost to the archive: the record is not complete', { advice });
    }
    this.#lostAt = now;
  }

  #died(): void {
    this.#thread = undefined;
    this.#takeBack();
    const lines = this.#outstanding.splice(0).reduce((sum, one) => sum + one.lines, 0);
    this.#octets = 0;
    if (lines > 0) this.#lose(lines, 'the thread of the archive died before they were on the disk');
    this.#before = addCounts(this.#before, countsOf(this.#heard));
    this.#heard = undefined;
    this.#restarts += 1;
    const now = rfc3339(Date.now() * 1000);
    const why = 'the thread of the archive died';
    this.#owed.add({ what: 'restart', from: now, to: now, counts: { threads: 1 }, why });
    this.#again();
  }

  #again(): void {
    setTimeout(async () => {
      if (this.#stopping) return;
      const refused = await this.#begin();
      if (refused === undefined) {
        this.#tellOwed();
        return;
      }
      this.#log.error(`nothing is archived: ${refused.message}`);
      this.#again();
    }, RESTART_AFTER).unref();
  }

  #hasRoom(): boolean {
    this.#takeBack();
    return this.#thread !== undefined && this.#octets < MOST_OUTSTANDING;
  }

  async #awaitRoom(): Promise<boolean> {
    if (this.#overrun && this.#octets > MOST_OUTSTANDING / 2) return false;
    const until = performance.now() + PATIENCE;
    while (this.#thread !== undefined && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      if (!this.#hasRoom()) continue;
      this.#overrun = false;
      return true;
    }
    this.#overrun = true;
    return false;
  }

  /** What the thread has acknowledged is no longer outstanding. */
  #takeBack(): void {
    const done = Atomics.load(this.#words, Word.Done);
    for (; this.#done !== done; this.#done = (this.#done + 1) | 0) {
      this.#octets -= this.#outstanding.shift()?.octets ?? 0;
    }
  }

  #lose(events: number, why: string): void {
    this.#lostHere += events;
    this.#noteLoss();
    const now = rfc3339(Date.now() * 1000);
    this.#owed.add({ what: 'lost', from: now, to: now, counts: { events }, why });
  }

  #tellOwed(): void {
    const thread = this.#thread;
    if (thread === undefined) return;
    for (const entry of this.#owed.take()) thread.postMessage({ type: 'ledger', entry });
  }

  #unheard(): WriterStatus {
    const where = this.target.kind === 'sqlite' ? this.target.path : this.target.shown;
    const spool = { spoolOctets: 0, spoolSize: this.#settings.spool.size, lag: 0 };
    const unknown = { unsignedFor: 0, purgeWaits: undefined, free: undefined, sequence: undefined };
    return { where, up: false, fault: undefined, ...NOTHING, ...spool, ...unknown };
  }

  #tellEnd(): void {
    const { where, archived, lost, spoolOctets, up, fault } = this.status;
    const facts = { archive: where, archived, ...(lost > 0 ? { lost } : {}) };
    const left = this.#heard?.lag !== 0 && spoolOctets > 0;
    if (!left) this.#log.info('archived', facts);
    else {
      const why = up ? 'there was no time' : fault;
      this.#log.warn('not all is archived: the rest is in the spool, for the next run', {
        ...facts,
        spool: spoolOctets,
        why,
      });
    }
  }
}

type Counted = Pick<
  WriterStatus,
  | 'archived'
  | 'notArchived'
  | 'refused'
  | 'files'
  | 'lost'
  | 'commits'
  | 'commitSeconds'
  | 'checkpoints'
>;

const NOTHING: Counted = {
  archived: 0,
  notArchived: 0,
  refused: 0,
  files: NOTHING_TAKEN,
  lost: 0,
  commits: 0,
  commitSeconds: 0,
  checkpoints: 0,
};

function countsOf(status: WriterStatus | undefined): Counted {
  if (status === undefined) return NOTHING;
  const { archived, notArchived, refused, files, lost } = status;
  const { commits, commitSeconds, checkpoints } = status;
  return { archived, notArchived, refused, files, lost, commits, commitSeconds, checkpoints };
}
