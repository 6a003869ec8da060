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
/** On a busy machine others allocate in nearly every round: it takes this many until one was quiet. */
const MOST_ROUNDS = 120;
/** Octets a unit: what shows as less is the noise of the measure. */
const NOISE = 2;

/**
 * Octets of heap that each of `units` costs when `run` does them all. The least of several rounds,
 * because others allocate in this process too; a round must stay far below the size of the young
 * generation (some MiB), or the collector runs meanwhile.
 */
export function heapCost(units: number, run: () => void): number {
  return rounds(units, run, MOST_ROUNDS)[0] ?? Number.NaN;
}

/**
 * The same for work that is known to allocate: what the middle round shows, because the collector may
 * run within one of them and make it look free.
 */
export function usualHeapCost(units: number, run: () => void): number {
  return rounds(units, run, ROUNDS)[ROUNDS >> 1] ?? Number.NaN;
}

/** Sorted; no more than ROUNDS once one shows nothing. */
function rounds(units: number, run: () => void, most: number): number[] {
  for (let i = 0; i < WARM_UP; i++) run();
  const costs: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < most && (i < ROUNDS || least > NOISE); i++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    run();
    const cost = (process.memoryUsage().heapUsed - before) / units;
    costs.push(cost);
    least = Math.min(least, cost);
  }
  return costs.sort((a, b) => a - b);
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
