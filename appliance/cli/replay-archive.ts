/**
 * `replay --archive`: events go into the archive through a thread of its own, and the replay goes on only as
 * fast as the archive takes them. What was read is in the archive when the run ends, or the run has failed.
 */
import { rfc3339 } from '../../src/event/time.ts';
import { AskedContent } from '../archive/files/asked-content.ts';
import { IncomingFolder } from '../archive/files/incoming-folder.ts';
import { NOTHING_TAKEN } from '../archive/files/take-over-counters.ts';
import { homePaths } from '../archive/target.ts';
import { takeKey } from '../archive/vault/carried-key.ts';
import {
  WORDS,
  Word,
  type WriterReport,
  type WriterStatus,
} from '../archive/writer/writer-messages.ts';
import { DEFAULT_ARCHIVE } from '../config/default-settings.ts';
import { type SpawnWriter, spawnWriter, type WriterThread } from '../live/archive-record.ts';
import type { NamedArchive } from './archive/name-archive.ts';
import { systemErrorText, UserError } from './user-error.ts';

/** Characters gathered before they are handed over, and such blocks that may be under way: two batches of the writer. */
const BLOCK = 256 * 1024;
const MOST_UNDER_WAY = 64;
/** Milliseconds between two looks whether the thread has failed. */
const LOOK_EVERY = 1000;
/** Milliseconds for what is under way at the end; a database that is away fails sooner. */
const DRAIN = 3_600_000;

export interface ReplayArchiveFacts {
  /** As `--archive` takes it. */
  readonly where: string;
  readonly archived: number;
  readonly notArchived: number;
  readonly refused: number;
  /** Files that were kept, and those that were to be and are not. */
  readonly files: { readonly kept: number; readonly notKept: number };
  /** Why not everything is in it. */
  readonly fault: string | undefined;
}

export class ReplayArchive {
  /** Takes the files that rules ask to keep; hears each event. */
  readonly content: AskedContent;
  readonly #where: string;
  readonly #words: Int32Array;
  readonly #thread: WriterThread;
  readonly #ended: Promise<void>;
  readonly #began = Date.now();
  #status: WriterStatus | undefined;
  #refusal: UserError | undefined;
  #fault: string | undefined;
  #pending: string[] = [];
  #characters = 0;
  #handed = 0;
  #lines = 0;
  #closed = false;

  private constructor(
    { target, where, settings }: NamedArchive,
    spawn: SpawnWriter,
    ready: () => void,
  ) {
    this.#where = where;
    const { incoming } = homePaths(target);
    const { files: limits } = settings ?? DEFAULT_ARCHIVE;
    const folder = new IncomingFolder(incoming, limits, `replay-${process.pid}`);
    this.content = new AskedContent(folder);
    const memory = new SharedArrayBuffer(4 * WORDS);
    this.#words = new Int32Array(memory);
    // It lasts for as long as its captures: purging by the clock is for a gateway.
    const written = { ...(settings ?? DEFAULT_ARCHIVE), purgeAt: undefined };
    this.#thread = spawn({ target, settings: written, through: 'direct', memory });
    this.#thread.on('message', (report) => {
      this.#hear(report);
      if (report.type !== 'ready') return;
      folder.key = report.key && takeKey(report.key);
      ready();
    });
    this.#thread.on('error', (error) => {
      this.#fault ??= systemErrorText(error) ?? error.message;
    });
    this.#ended = new Promise((resolve) => {
      this.#thread.on('exit', () => {
        this.#closed = true;
        ready();
        resolve();
      });
    });
  }

  /** Rejects with UserError where it cannot be opened. */
  static async open(named: NamedArchive, spawn: SpawnWriter = spawnWriter): Promise<ReplayArchive> {
    let archive: ReplayArchive | undefined;
    await new Promise<void>((resolve) => {
      archive = new ReplayArchive(named, spawn, resolve);
    });
    if (archive === undefined) throw new Error('no archive');
    if (!archive.#closed) return archive;
    throw (
      archive.#refusal ??
      new UserError(
        `${named.where}: cannot be opened: ${archive.#fault}`,
        `Its home must be a folder that you may write to: ${homePaths(named.target).folder}`,
      )
    );
  }

  /** `text`: without its line feed. Waits, in this thread, for a database that is slower than the replay. */
  line(text: string): void {
    this.#pending.push(text);
    this.#characters += text.length;
    this.#lines += 1;
    if (this.#characters >= BLOCK) this.#hand();
  }

  /** Resolves when everything is in the archive, or is known not to be. `what` was replayed. */
  async finish(what: string, packets: number): Promise<ReplayArchiveFacts> {
    this.#hand();
    const [from = '', to = ''] = [this.#began, Date.now()].map((at) => rfc3339(at * 1000));
    const counts = { packets, events: this.#lines };
    const entry = { what: 'replay', from, to, counts, why: what };
    this.#thread.postMessage({ type: 'ledger', entry });
    await this.close();
    const {
      archived = 0,
      notArchived = 0,
      refused = 0,
      files = NOTHING_TAKEN,
    } = this.#status ?? {};
    const { kept, repeated, octets: _alsoCounted, ...others } = files;
    const notKept = Object.values(others).reduce((sum, n) => sum + n, 0);
    const missing = this.#lines - archived - notArchived - refused;
    if (missing > 0) this.#fault ??= 'its thread ended early';
    const lack =
      missing > 0
        ? `${missing} events are not archived`
        : 'all events are archived, but not signed';
    const fault = this.#fault && `${this.#where}: ${lack}: ${this.#fault}`;
    return {
      ...{ where: this.#where, archived, notArchived, refused, fault },
      files: { kept: kept + repeated, notKept },
    };
  }

  /** What is under way is archived still. */
  async close(): Promise<void> {
    if (!this.#closed) this.#thread.postMessage({ type: 'stop', within: DRAIN });
    await this.#ended;
  }

  #hand(): void {
    if (this.#pending.length === 0) return;
    const text = `${this.#pending.join('\n')}\n`;
    this.#pending = [];
    this.#characters = 0;
    if (!this.#awaitRoom()) return;
    const octets = new TextEncoder().encode(text);
    this.#handed += 1;
    this.#thread.postMessage({ type: 'lines', octets }, [octets.buffer]);
  }

  /** False: the archive has failed, and takes nothing more. */
  #awaitRoom(): boolean {
    const words = this.#words;
    while (Atomics.load(words, Word.Failed) === 0) {
      const done = Atomics.load(words, Word.Done);
      if (this.#handed - done < MOST_UNDER_WAY) return !this.#closed;
      Atomics.wait(words, Word.Done, done, LOOK_EVERY);
    }
    return false;
  }

  #hear(report: WriterReport): void {
    if (report.type === 'refused') this.#refusal = new UserError(report.message, report.advice);
    else if (report.type === 'failed') this.#fault = report.message;
    else if (report.type !== 'log') this.#status = report.status;
  }
}
