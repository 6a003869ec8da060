/**
 * What a reload costs, and what it makes packets wait: `node dist/bench/reload.js [--rules N] [--reloads N]`.
 *
 * A worker compiles the new policy in slices between two packets. Slices are measured in processor time
 * of the thread, because a busy machine takes the processor away in the middle of one, and by the clock.
 * The main thread meanwhile measures how late a timer of one millisecond comes. Memory is measured after
 * forced collections.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import { PolicyLoader } from '../appliance/config/policy-loader.ts';
import { WORKER_LIMITS } from '../appliance/live/worker-limits.ts';
import {
  compilingPolicy,
  type PolicyOrder,
  type WorkerPolicy,
} from '../appliance/live/worker-policy.ts';
import { Stepper } from '../rules/steps.ts';
import { syntheticEvents, syntheticRules } from '../rules/testing/synthetic.ts';
import { table } from '../test/corpus/table.ts';

const SLICE = 500; // microseconds, as policy-receiver.ts has it
/** Loads after the first, in a thread that is warm. */
const AGAIN = 9;
const CLOCK_THREAD_CPUTIME_ID = 3; // linux/time.h

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '10000' },
    reloads: { type: 'string', default: '50' },
  },
});
const rules = Number(values.rules);
const reloads = Number(values.reloads);

const clockGettime = koffi.load('libc.so.6').func('int clock_gettime(int clock, void *time)');
const timespec = new BigInt64Array(2);

/** Milliseconds of processor time of this thread. */
function threadTime(): number {
  clockGettime(CLOCK_THREAD_CPUTIME_ID, timespec);
  return Number(timespec[0]) * 1e3 + Number(timespec[1]) / 1e6;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

if (isMainThread) await main();
else parentPort?.postMessage(compileAll(workerData as PolicyOrder));

async function main(): Promise<void> {
  const { order, first, again, pause } = await load();
  const figures = await inWorker(order);
  const shared = ((order.octets?.byteLength ?? 0) / 2 ** 20).toFixed(1);
  table(
    ['what', 'figure'],
    [
      [`${rules} rules read and checked in a thread`, first],
      [`… and again (${AGAIN} times)`, again],
      ['… longest pause of the main thread meanwhile', `${pause.toFixed(1)} ms`],
      ['on its way to the workers', `${shared} MiB, shared`],
      [
        'compiled by a worker',
        `${figures.total.toFixed(0)} ms of processor time, ${figures.slices} slices`,
      ],
      ['… a slice, processor time', spread(figures.busy)],
      ['… a slice, by the clock', spread(figures.clock)],
      ['memory of one set', `${(figures.first - figures.before).toFixed(1)} MiB`],
      [`… grown after ${reloads} reloads`, `${(figures.last - figures.first).toFixed(1)} MiB`],
    ],
  );
}

/** With the limits that a worker of a gateway has. */
function inWorker(order: PolicyOrder): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      argv: process.argv.slice(2),
      workerData: order,
      resourceLimits: WORKER_LIMITS,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function load(): Promise<{
  order: PolicyOrder;
  first: string;
  again: string;
  pause: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-reload-'));
  const file = join(folder, 'rules.yaml');
  const loader = new PolicyLoader();
  const clock: number[] = [];
  const busy: number[] = [];
  const loadOnce = async () => {
    writeFileSync(file, `${syntheticRules(rules)}# ${clock.length}\n`);
    const cpu = process.cpuUsage();
    const began = performance.now();
    const loaded = await loader.load({ rules: [file], directory: undefined, watch: false });
    clock.push(performance.now() - began);
    const { user, system } = process.cpuUsage(cpu);
    busy.push((user + system) / 1e3);
    if (loaded.policy === undefined) throw new Error(loaded.diagnostics.join('\n'));
    return loaded.policy;
  };
  const told = (from: number) =>
    `${middle(busy.slice(from))} ms of processor time, ${middle(clock.slice(from))} ms by the clock`;
  try {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const { hash, octets } = await loadOnce();
    delay.disable();
    const first = told(0);
    for (let n = 0; n < AGAIN; n++) await loadOnce();
    return {
      order: { hash, octets },
      first,
      again: told(1),
      pause: delay.max / 1e6,
    };
  } finally {
    loader.close();
    rmSync(folder, { recursive: true });
  }
}

interface Figures {
  /** Milliseconds of each slice. */
  readonly busy: readonly number[];
  readonly clock: readonly number[];
  readonly total: number;
  readonly slices: number;
  /** MiB. */
  readonly before: number;
  readonly first: number;
  readonly last: number;
}

function compileAll(from: PolicyOrder): Figures {
  const [event] = syntheticEvents(1);
  if (event === undefined) throw new Error('no event');
  const busy: number[] = [];
  const clock: number[] = [];
  let running: WorkerPolicy | undefined;
  let first = 0;
  const before = memory();
  for (let n = 0; n < reloads; n++) {
    running = compileOnce(from, running, busy, clock);
    running.judge.judge(event);
    if (n === Math.min(2, reloads - 1)) first = memory();
  }
  const total = busy.reduce((sum, one) => sum + one, 0) / reloads;
  const slices = Math.round(busy.length / reloads);
  return { busy, clock, total, slices, before, first, last: memory() };
}

function compileOnce(
  from: PolicyOrder,
  running: WorkerPolicy | undefined,
  busy: number[],
  clock: number[],
): WorkerPolicy {
  const stepper = new Stepper(compilingPolicy(from, running));
  for (let done = false; !done; ) {
    const cpu = threadTime();
    const now = performance.now();
    done = stepper.step(SLICE);
    clock.push(performance.now() - now);
    busy.push(threadTime() - cpu);
  }
  if (stepper.result === undefined) throw new Error('not compiled');
  return stepper.result;
}

function middle(of: readonly number[]): string {
  return ([...of].sort((a, b) => a - b)[of.length >> 1] ?? 0).toFixed(0);
}

function spread(of: readonly number[]): string {
  const sorted = [...of].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  return `median ${at(0.5)} ms, 99 % under ${at(0.99)} ms, longest ${at(1)} ms`;
}
