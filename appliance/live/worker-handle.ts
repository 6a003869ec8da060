/**
 * One worker as the main thread sees it, over all its lives: a thread that dies is started anew, its
 * counters go on, and its flows are picked up where they are.
 */
import { giveBack, type Holding } from '../../src/capture/afpacket/holding.ts';
import { Exit, errorCode, UserError } from '../cli/user-error.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { addCounts } from './add-counts.ts';
import type {
  OpenedInterface,
  WorkerOrder,
  WorkerReport,
  WorkerSetup,
  WorkerSnapshot,
} from './control.ts';
import type { FlowRow, InterfaceStatus, WorkerStatus } from './gateway.ts';
import { restingCounters } from './resting-counters.ts';
import type { PolicyOrder } from './worker-policy.ts';

/** What of a `Worker` of node:worker_threads is used. */
export interface WorkerThread {
  postMessage(order: WorkerOrder): void;
  on(event: 'message', heard: (report: WorkerReport) => void): unknown;
  on(event: 'error', heard: (error: unknown) => void): unknown;
  on(event: 'exit', heard: () => void): unknown;
  terminate(): Promise<unknown>;
}

export type SpawnWorker = (setup: WorkerSetup) => WorkerThread;

export interface WorkerHooks {
  readonly log: Log;
  /** It runs, for the first time or again. */
  readonly onReady: () => void;
  /** It died; it will be started anew. */
  readonly onDied: () => void;
}

/** Milliseconds before the next life, by deaths in a row; a wire must not wait for the first. */
const BACK_OFF = [0, 250, 1000, 5000, 15_000];
/** Milliseconds of life after which earlier deaths no longer count. */
const HEALED = 60_000;
/** Milliseconds a drain may take: held packets, the ends of flows, a slow disk. */
const DRAIN = 8000;
/** Milliseconds within which a worker answers a question about its flows. */
const ANSWER = 2000;
/** Milliseconds within which a worker takes new settings: it looks for orders every 50. */
const SETTLED = 10_000;
/** Milliseconds within which a worker compiles a policy between its packets: 100 000 rules take 20 s. */
const COMPILED = 120_000;

const UNREADABLE = 'The account that it runs as (user) must be able to read the program.';

export class WorkerHandle {
  restarts = 0;
  ready = false;
  /** When the newest snapshot came, milliseconds since 1970; 0: none yet. */
  heardAt = 0;
  opened: readonly OpenedInterface[] = [];
  #setup: WorkerSetup;
  readonly #spawn: SpawnWorker;
  readonly #hooks: WorkerHooks;
  #thread: WorkerThread | undefined;
  /** Sockets and rings that the thread would leave behind. */
  #holdings: readonly Holding[] = [];
  #bornAt = 0;
  #deathsInRow = 0;
  #again: NodeJS.Timeout | undefined;
  /** Counters of earlier lives, and of this one. */
  #before: WorkerSnapshot | undefined;
  #snapshot: WorkerSnapshot | undefined;
  #stopping = false;
  #onFirst: { ready: () => void; refused: (error: UserError) => void } | undefined;
  #onEnd: ((clean: boolean) => void) | undefined;
  #onPolicy: ((fault: string | undefined) => void) | undefined;
  #onSettings: { request: number; settle: (fault: string | undefined) => void } | undefined;
  #policyHash = '';
  #request = 0;
  readonly #questions = new Map<number, (rows: readonly FlowRow[]) => void>();

  constructor(setup: WorkerSetup, spawn: SpawnWorker, hooks: WorkerHooks) {
    this.#setup = setup;
    this.#spawn = spawn;
    this.#hooks = hooks;
  }

  get id(): number {
    return this.#setup.id;
  }

  get alive(): boolean {
    return this.#thread !== undefined;
  }

  /** Resolves when it runs; rejects with UserError when it cannot. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onFirst = { ready: resolve, refused: reject };
      this.#birth();
    });
  }

  /**
   * The policy from here on, also of later lives. Resolves when it is in force, or else with the reason
   * why not.
   */
  setPolicy(policy: PolicyOrder): Promise<string | undefined> {
    this.#setup = { ...this.#setup, policy };
    const thread = this.#thread;
    if (thread === undefined) return Promise.resolve(undefined);
    if (!this.ready) {
      thread.postMessage({ type: 'policy', policy }); // taken once it carries packets
      return Promise.resolve(undefined);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('it does not answer'), COMPILED);
      const settle = (fault: string | undefined) => {
        clearTimeout(timer);
        resolve(fault);
      };
      this.#onPolicy?.(undefined); // whoever waits for an earlier one gets a newer one
      this.#onPolicy = settle;
      this.#policyHash = policy.hash;
      thread.postMessage({ type: 'policy', policy });
    });
  }

  /**
   * Settings from here on, also of later lives. Resolves when they are in force, or else with the reason why
   * not. `resetSocket` is the worker's from now on.
   */
  setSettings(settings: GatewaySettings, resetSocket?: number): Promise<string | undefined> {
    this.#setup = { ...this.#setup, settings };
    const thread = this.#thread;
    const given = resetSocket === undefined ? [] : [{ fd: resetSocket, address: 0, octets: 0 }];
    if (thread === undefined) {
      giveBack(given); // its next life opens its own
      return Promise.resolve(undefined);
    }
    this.#holdings = [...this.#holdings, ...given];
    this.#request += 1;
    const request = this.#request;
    const order: WorkerOrder = { type: 'settings', request, settings, resetSocket };
    if (!this.ready) {
      thread.postMessage(order); // taken once it carries packets
      return Promise.resolve(undefined);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('it does not answer'), SETTLED);
      const settle = (fault: string | undefined) => {
        clearTimeout(timer);
        this.#onSettings = undefined;
        resolve(fault);
      };
      this.#onSettings?.settle(undefined); // whoever waits for earlier ones gets newer ones
      this.#onSettings = { request, settle };
      thread.postMessage(order);
    });
  }

  /** Empty when it does not answer in time. */
  flows(most: number): Promise<readonly FlowRow[]> {
    const thread = this.#thread;
    if (thread === undefined || !this.ready) return Promise.resolve([]);
    this.#request += 1;
    const request = this.#request;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer([]), ANSWER);
      const answer = (rows: readonly FlowRow[]) => {
        clearTimeout(timer);
        this.#questions.delete(request);
        resolve(rows);
      };
      this.#questions.set(request, answer);
      thread.postMessage({ type: 'flows', request, most });
    });
  }

  /** Drains; resolves when it has ended. Whether it ended by itself, in time. */
  async stop(): Promise<boolean> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const thread = this.#thread;
    if (thread === undefined) return true;
    const ended = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), DRAIN);
      this.#onEnd = (clean) => {
        clearTimeout(timer);
        resolve(clean);
      };
    });
    thread.postMessage({ type: 'stop' });
    const clean = await ended;
    if (this.#thread === thread) await thread.terminate();
    return clean;
  }

  /** Ends a thread that hangs: it counts as a death. */
  kill(why: string): void {
    this.#hooks.log.error(why, { worker: this.id });
    void this.#thread?.terminate();
  }

  /** Without what the ring knows. */
  status(): Omit<WorkerStatus, 'eventsQueued'> | undefined {
    const counts = this.#total()?.status;
    if (counts === undefined) return undefined;
    return { id: this.id, alive: this.alive && this.ready, restarts: this.restarts, ...counts };
  }

  interfaces(): readonly InterfaceStatus[] {
    const now = this.#snapshot?.interfaces ?? [];
    const before = this.#before?.interfaces ?? [];
    if (now.length === 0) return before;
    return now.map((one) => {
      const earlier = before.find(({ name }) => name === one.name);
      return earlier === undefined ? one : { ...addCounts(earlier, one), up: one.up };
    });
  }

  #total(): WorkerSnapshot | undefined {
    if (this.#before === undefined || this.#snapshot === undefined) {
      return this.#snapshot ?? this.#before;
    }
    const sum = addCounts(this.#before, this.#snapshot);
    return { ...sum, interfaces: this.interfaces() }; // added by name, not by place
  }

  #birth(): void {
    this.#bornAt = performance.now();
    const thread = this.#spawn(this.#setup);
    this.#thread = thread;
    let cause: unknown;
    thread.on('message', (report) => this.#hear(report));
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#died(cause);
    });
  }

  #hear(report: WorkerReport): void {
    if (report.type === 'ready') {
      this.opened = report.opened;
      this.#holdings = report.holdings;
      this.ready = true;
      this.#onFirst?.ready();
      this.#onFirst = undefined;
      this.#hooks.onReady();
    } else if (report.type === 'refused') this.#refused(report);
    else if (report.type === 'stopped') this.#holdings = [];
    else if (report.type === 'fault') {
      this.#hooks.log.error('a packet set off a fault; its flow is not read on: please report it', {
        worker: this.id,
        fault: report.message,
        stack: report.stack,
      });
    } else if (report.type === 'snapshot') {
      this.#snapshot = report.snapshot;
      this.heardAt = Date.now();
    } else if (report.type === 'flows') this.#questions.get(report.request)?.(report.rows);
    else if (report.type === 'settings') this.#settled(report);
    else if (report.type === 'policy' && report.report.hash === this.#policyHash) {
      this.#onPolicy?.(report.report.fault);
      this.#onPolicy = undefined;
    }
  }

  #settled({ request, fault, holdings }: Extract<WorkerReport, { type: 'settings' }>): void {
    // What it does not use any more is closed here, and only here: a number is soon somebody else's.
    const kept = new Set(holdings.map(({ fd }) => fd));
    giveBack(this.#holdings.filter(({ fd }) => !kept.has(fd)));
    this.#holdings = holdings;
    if (this.#onSettings?.request === request) this.#onSettings.settle(fault);
  }

  #refused({ message, isUsage }: Extract<WorkerReport, { type: 'refused' }>): void {
    if (this.#onFirst === undefined) {
      this.#hooks.log.error(`worker cannot go on: ${message}`, { worker: this.id });
      return;
    }
    this.#stopping = true;
    const code = isUsage ? Exit.Usage : Exit.Failed;
    this.#onFirst.refused(new UserError(message, undefined, code));
    this.#onFirst = undefined;
  }

  #died(cause: unknown): void {
    this.#thread = undefined;
    this.ready = false;
    giveBack(this.#holdings);
    this.#holdings = [];
    for (const answer of this.#questions.values()) answer([]);
    this.#onPolicy?.(undefined); // its next life begins with it
    this.#onPolicy = undefined;
    this.#onSettings?.settle(undefined);
    const counted = this.#total();
    this.#before = counted && restingCounters(counted);
    this.#snapshot = undefined;
    if (this.#onFirst !== undefined) {
      this.#stopping = true;
      const what = cause instanceof Error ? cause.message : 'it ended at once';
      const hint = errorCode(cause)?.endsWith('MODULE_NOT_FOUND') ? UNREADABLE : undefined;
      this.#onFirst.refused(new UserError(`a worker cannot run: ${what}`, hint, Exit.Failed));
      this.#onFirst = undefined;
    }
    if (this.#stopping && cause !== undefined && this.#onEnd !== undefined) {
      this.#hooks.log.error('worker died while it drained', { worker: this.id, error: cause });
    }
    this.#onEnd?.(cause === undefined);
    if (this.#stopping) return;
    this.#reviveAfter(cause);
  }

  #reviveAfter(cause: unknown): void {
    if (performance.now() - this.#bornAt > HEALED) this.#deathsInRow = 0;
    const delay = BACK_OFF[Math.min(this.#deathsInRow, BACK_OFF.length - 1)] ?? 0;
    this.#deathsInRow += 1;
    this.restarts += 1;
    this.#hooks.log.error('worker died and is started anew', {
      worker: this.id,
      restarts: this.restarts,
      ...(cause === undefined ? {} : { error: cause }),
      ...(delay === 0 ? {} : { inMilliseconds: delay }),
    });
    this.#hooks.onDied();
    this.#again = setTimeout(() => this.#birth(), delay);
  }
}
