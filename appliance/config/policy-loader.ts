/**
 * Loads the policy in a thread of its own that lives no longer: reading and checking 10 000 rules takes
 * seconds and a few hundred MiB, and the main thread has events to drain and a watchdog to answer.
 */
import { Worker } from 'node:worker_threads';
import type { PolicyPackage } from './policy-package.ts';
import type { PolicySettings } from './settings.ts';

/** MiB. A policy that needs more is refused; the process goes on with the one it has. */
const MOST_MEMORY = 4096;
/** MiB. What is read is soon garbage: a large young generation is collected seldom and cheaply. */
const YOUNG = 64;

export type LoadPolicy = (settings: PolicySettings) => Promise<PolicyPackage>;

/** Never rejects: a thread that fails is a policy that cannot be loaded. */
export function loadInThread(
  settings: PolicySettings,
  script = new URL('./policy-loader-thread.js', import.meta.url),
): Promise<PolicyPackage> {
  return new Promise((resolve) => {
    const failed = (why: string) =>
      resolve({ diagnostics: [`the policy cannot be loaded: ${why}`], files: [] });
    try {
      const { rules, directory } = settings;
      const thread = new Worker(script, {
        workerData: { rules, directory },
        resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY, maxYoungGenerationSizeMb: YOUNG },
      });
      thread.once('message', (loaded: PolicyPackage) => resolve(loaded));
      thread.once('error', (error) => failed(reason(error)));
      thread.once('exit', (code) => failed(`its thread ended with ${code}`));
    } catch (error) {
      failed(reason(error));
    }
  });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return outOfMemory ? `it takes more than ${MOST_MEMORY} MiB to read` : error.message;
}
