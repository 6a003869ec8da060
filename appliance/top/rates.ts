/** What happened between two snapshots, a second. */
import type { GatewayStatus, WorkerStatus } from '../live/gateway.ts';

export interface Rates {
  readonly packets: number;
  /** Bits on the wire. */
  readonly bits: number;
  readonly events: number;
  readonly kernelDrops: number;
  /** By worker: 0 (waits) to 1 (never waits); none where it is not known. */
  readonly busy: ReadonlyMap<number, number>;
  readonly workerPackets: ReadonlyMap<number, number>;
  readonly received: ReadonlyMap<string, number>;
  readonly sent: ReadonlyMap<string, number>;
}

/** Undefined where the two cannot be compared: the gateway was started between them. */
export function ratesBetween(
  before: GatewayStatus | undefined,
  after: GatewayStatus,
): Rates | undefined {
  if (before === undefined || before.startedAt !== after.startedAt) return undefined;
  const seconds = (after.at - before.at) / 1000;
  if (!(seconds > 0)) return undefined;
  const rate = (from: number, to: number) => Math.max(0, (to - from) / seconds);
  const total = (of: (worker: WorkerStatus) => number) => {
    const sum = (status: GatewayStatus) => status.workers.reduce((all, one) => all + of(one), 0);
    return rate(sum(before), sum(after));
  };
  const byWorker = (of: (now: WorkerStatus, then: WorkerStatus) => number) =>
    new Map(
      after.workers.map((now) => {
        const then = before.workers.find(({ id }) => id === now.id) ?? now;
        return [now.id, of(now, then)];
      }),
    );
  const byInterface = (of: 'received' | 'sent' | 'dropped') =>
    new Map(
      after.interfaces.map((now) => {
        const then = before.interfaces.find(({ name }) => name === now.name) ?? now;
        return [now.name, rate(then[of], now[of])];
      }),
    );
  return {
    packets: total(({ engine }) => engine.frames),
    bits: total(({ engine }) => engine.wireOctets) * 8,
    events: total(eventCount),
    kernelDrops: [...byInterface('dropped').values()].reduce((all, one) => all + one, 0),
    busy: new Map(
      after.workers.flatMap((now) => {
        const then = before.workers.find(({ id }) => id === now.id);
        const share = then && busyShare(then.stageSeconds, now.stageSeconds);
        return share === undefined ? [] : [[now.id, share]];
      }),
    ),
    workerPackets: byWorker((now, then) => rate(then.engine.frames, now.engine.frames)),
    received: byInterface('received'),
    sent: byInterface('sent'),
  };
}

/** Undefined where a worker does not say how long it waits. */
function busyShare(
  then: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): number | undefined {
  if (now.wait === undefined) return undefined;
  const spent = (name: string) => (now[name] ?? 0) - (then[name] ?? 0);
  const all = Object.keys(now).reduce((sum, name) => sum + spent(name), 0);
  return all > 0 ? Math.min(1, Math.max(0, 1 - spent('wait') / all)) : 0;
}

export function eventCount({ events }: WorkerStatus): number {
  return Object.values(events).reduce((all, one) => all + one, 0);
}
