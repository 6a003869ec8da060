/** The thread that keeps files of live traffic, as the main thread has it: rings for the workers, and its end. */
import { Worker } from 'node:worker_threads';
import type { FileLimits } from '../archive/files/incoming-folder.ts';
import { type ArchiveTarget, homePaths } from '../archive/target.ts';
import type { CarriedKey } from '../archive/vault/carried-key.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import type { Change, Changeable } from './change-over.ts';
import { createContentRing } from './content-ring.ts';

/** Octets that may wait for the disk, a worker: a quarter of a second of a link of 1 Gbit/s full of files. */
const RING = 32 << 20;
/** Milliseconds that it may write at the end. */
const DRAIN = 5000;
/** Milliseconds until a thread that died is started again. */
const RESTART_AFTER = 1000;
/** MiB. */
const MOST_MEMORY = 256;

export interface FileKeeperSetup {
  readonly incoming: string;
  readonly limits: FileLimits;
  /** One a worker. */
  readonly rings: readonly SharedArrayBuffer[];
  /** Wraps the keys of files; undefined: they are not sealed. */
  readonly key: CarriedKey | undefined;
}

/** To end, or the limits that hold from now on. */
export type FileKeeperOrder = 'stop' | FileLimits;

export interface FileKeeperReport {
  /** Transfers of which nothing could be told: their ring was full for too long. */
  readonly lost: number;
  readonly fault: string | undefined;
}

export class FileKeeper implements Changeable {
  readonly rings: readonly SharedArrayBuffer[];
  #setup: FileKeeperSetup;
  readonly #log: Log;
  #thread: Worker | undefined;
  #stopping = false;
  #heard: FileKeeperReport = { lost: 0, fault: undefined };

  constructor(target: ArchiveTarget, limits: FileLimits, workers: number, log: Log) {
    this.rings = Array.from({ length: workers }, () => createContentRing(RING));
    const { incoming } = homePaths(target);
    this.#setup = { incoming, limits, rings: this.rings, key: undefined };
    this.#log = log;
  }

  get lost(): number {
    return this.#heard.lost;
  }

  async prepare({ archive: { files } }: GatewaySettings): Promise<Change> {
    return {
      commit: () => {
        this.#setup = { ...this.#setup, limits: files }; // of a thread that is started anew, too
        this.#thread?.postMessage(files satisfies FileKeeperOrder);
      },
      discard: () => undefined,
    };
  }

  /** When privileges are dropped: the files are of who archives them. `key`: as the archive gives it. */
  start(key: CarriedKey | undefined): void {
    this.#setup = { ...this.#setup, key };
    this.#begin();
  }

  /** The workers write no more. Resolves when what they wrote is in the folder. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    const ended = new Promise<void>((resolve) => {
      thread.on('exit', () => resolve());
      setTimeout(resolve, DRAIN).unref();
    });
    thread.postMessage('stop' satisfies FileKeeperOrder);
    await ended;
    await thread.terminate();
  }

  #begin(): void {
    if (this.#stopping) return;
    const thread = new Worker(new URL('./file-keeper-main.js', import.meta.url), {
      workerData: this.#setup,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    this.#thread = thread;
    thread.on('message', (report: FileKeeperReport) => {
      if (report.fault !== undefined && this.#heard.fault === undefined) {
        this.#log.error(report.fault);
      }
      if (report.lost > this.#heard.lost) {
        const transfers = report.lost - this.#heard.lost;
        this.#log.warn('files were not kept: the disk did not keep up', { transfers });
      }
      this.#heard = report;
    });
    thread.on('error', (error) => {
      this.#log.error('the thread that keeps files died and is started anew', { error });
    });
    thread.on('exit', () => {
      this.#thread = undefined;
      // What it had half written is given up: its digest would not be that of what passed.
      if (!this.#stopping) setTimeout(() => this.#begin(), RESTART_AFTER).unref();
    });
  }
}
