/**
 * Loads policies in a thread: reading and checking 10 000 rules takes the better part of a second and a few
 * hundred MiB, and the main thread has events to drain and a watchdog to answer. The thread rests a while
 * before it ends with all that it holds: a load that soon follows finds its code compiled, and takes a
 * third of the time.
 */
import { Worker } from 'node:worker_threads';
import type { PolicyPackage } from './policy-package.ts';
import type { PolicySettings } from './settings.ts';

/** MiB. A policy that needs more is refused; the process goes on with the one it has. */
const MOST_MEMORY = 4096;
/** MiB. What is read is soon garbage: a large young generation is collected seldom and cheaply. */
const YOUNG = 64;
/** Milliseconds within which files are read: a network file system that is gone must not hold up every later load. */
const PATIENCE = 120_000;
/** Milliseconds without a load. */
const REST = 30_000;

export type LoadPolicy = (settings: PolicySettings) => Promise<PolicyPackage>;

const SCRIPT = new URL('./policy-loader-thread.js', import.meta.url);

/** In a thread that ends with it. It had the privileges of the thread that started it. */
export async function loadInThread(
  settings: PolicySettings,
  script: URL = SCRIPT,
): Promise<PolicyPackage> {
  const loader = new PolicyLoader(script);
  const loaded = await loader.load(settings);
  loader.close();
  return loaded;
}

export class PolicyLoader {
  readonly #script: URL;
  #resting: { readonly thread: Worker; readonly end: NodeJS.Timeout } | undefined;
  readonly #patience: number;
  #closed = false;

  constructor(script: URL = SCRIPT, patience = PATIENCE) {
    this.#script = script;
    this.#patience = patience;
  }

  /** Never rejects: a thread that fails is a policy that cannot be loaded. */
  load({ rules, directory, services }: PolicySettings): Promise<PolicyPackage> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (loaded: PolicyPackage) => {
        clearTimeout(timer);
        resolve(loaded);
      };
      const failed = (why: string) =>
        settle({ diagnostics: [`the policy cannot be loaded: ${why}`], files: [] });
      try {
        const thread = this.#wake() ?? start(this.#script);
        timer = setTimeout(() => {
          failed(`its files are not read within ${this.#patience / 1000} s`);
          void thread.terminate(); // resolves when the kernel lets go of it
        }, this.#patience);
        thread.once('message', (loaded: PolicyPackage) => {
          this.#rest(thread);
          settle(loaded);
        });
        thread.once('error', (error) => failed(reason(error)));
        thread.once('exit', (code) => failed(`its thread ended with ${code}`));
        thread.postMessage({ rules, directory, services });
      } catch (error) {
        failed(reason(error));
      }
    });
  }

  close(): void {
    this.#closed = true;
    void this.#wake()?.terminate();
  }

  /** The thread that rests, if one does. */
  #wake(): Worker | undefined {
    if (this.#resting === undefined) return undefined;
    const { thread, end } = this.#resting;
    this.#resting = undefined;
    clearTimeout(end);
    thread.ref();
    return thread;
  }

  /** One thread rests at most, and keeps no process from ending. */
  #rest(thread: Worker): void {
    // By name: without one, its inner listeners go too, and it hears nothing more.
    for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
    thread.on('error', () => this.#forget(thread));
    thread.on('exit', () => this.#forget(thread));
    if (this.#closed || this.#resting !== undefined) {
      void thread.terminate();
      return;
    }
    thread.unref();
    const end = setTimeout(() => void this.#wake()?.terminate(), REST);
    end.unref();
    this.#resting = { thread, end };
  }

  #forget(thread: Worker): void {
    if (this.#resting?.thread === thread) this.#wake();
  }
}

function start(script: URL): Worker {
  const limits = { maxOldGenerationSizeMb: MOST_MEMORY, maxYoungGenerationSizeMb: YOUNG };
  return new Worker(script, { resourceLimits: limits });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return outOfMemory ? `it takes more than ${MOST_MEMORY} MiB to read` : error.message;
}
