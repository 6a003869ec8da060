/** How the workers of a gateway are made: threads, or a process where a portable package reads the packets. */
import { Worker } from 'node:worker_threads';
import { ringRefusal } from '../../src/capture/open-live.ts';
import type { CarriedKey } from '../archive/vault/carried-key.ts';
import { UserError } from '../cli/user-error.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { WorkerSetup } from './control.ts';
import type { WorkerThread } from './worker-handle.ts';
import { WORKER_LIMITS } from './worker-limits.ts';
import { WorkerProcess } from './worker-process.ts';

/** `key`: of the files that a process writes; the archive's thread has it by then. */
type SpawnWithKey = (setup: WorkerSetup, key: CarriedKey | undefined) => WorkerThread;

const asThread: SpawnWithKey = (setup) =>
  new Worker(new URL('./worker-main.js', import.meta.url), {
    workerData: setup,
    resourceLimits: WORKER_LIMITS,
  });

const asProcess: SpawnWithKey = (setup, key) => new WorkerProcess(setup, key);

/** Throws UserError where the backend cannot be shared between so many. */
export function spawnerOf({ mode, interfaces, capture, workers }: GatewaySettings): SpawnWithKey {
  const { backend } = capture;
  if (mode !== 'tap' || backend === 'afpacket') return asThread;
  const why = backend === 'auto' ? ringRefusal(interfaces[0] ?? '') : undefined;
  if (backend === 'auto' && why === undefined) return asThread;
  if (workers > 1) {
    const cause = why === undefined ? backend : `without afpacket (${why})`;
    throw new UserError(
      `${cause}: flows cannot be shared between ${workers} workers, each would report every event`,
      'Set workers (--workers) to 1.',
    );
  }
  return asProcess;
}
