/** Sums over workers, and counts by name turned into samples. */
import type { GatewayStatus, WorkerStatus } from '../live/gateway.ts';
import type { Sample } from './metric.ts';

type Counts = Readonly<Record<string, number>>;

export function sum(status: GatewayStatus, of: (worker: WorkerStatus) => number | undefined) {
  let total = 0;
  for (const worker of status.workers) total += of(worker) ?? 0;
  return total;
}

/** By name, over all workers. */
export function sumCounts(
  status: GatewayStatus,
  of: (worker: WorkerStatus) => Counts | undefined,
): Map<string, number> {
  const total = new Map<string, number>();
  for (const worker of status.workers) {
    for (const [name, count] of Object.entries(of(worker) ?? {})) {
      total.set(name, (total.get(name) ?? 0) + count);
    }
  }
  return total;
}

export function one(value: number): Sample[] {
  return [[{}, value]];
}

/** `letGo` as `let-go`: label values are spelt like events, not like code. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** One sample a name, the name spelt with dashes under `label`. */
export function byName(label: string, counts: Iterable<[string, number]>): Sample[] {
  return [...counts].map(([name, count]) => [{ [label]: dashed(name) }, count]);
}
