/** What a worker thread's heap may take. */
import type { ResourceLimits } from 'node:worker_threads';

/**
 * A small young generation (three halves of 4 MiB): collecting it takes 1 or 2 ms even while a policy is
 * compiled and everything survives, where one of the usual size stops the packets for 5 to 10. A worker
 * makes little garbage otherwise.
 */
export const WORKER_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 12 };
