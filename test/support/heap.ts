/** Measures memory: what a piece of work costs the heap, and what is in use once all that is dead is gone. */
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// The optimiser works at once, not in a thread that a busy machine starves: unoptimised code allocates.
setFlagsFromString('--no-concurrent-recompilation');
const gc: () => void = runInNewContext('gc');

const WARM_UP = 20;
const ROUNDS = 15;

/**
 * Octets of heap that each of `units` costs when `run` does them all. The least of several rounds,
 * because others allocate in this process too; a round must stay far below the size of the young
 * generation (some MiB), or the collector runs meanwhile.
 */
export function heapCost(units: number, run: () => void): number {
  for (let i = 0; i < WARM_UP; i++) run();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    run();
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / units);
  }
  return least;
}

/** Octets of heap and array buffers in use. Buffers are freed by a thread of its own: waits for it. */
export async function memoryInUse(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    gc();
    await wait(10);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}
