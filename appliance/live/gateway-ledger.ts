/**
 * What could make the record incomplete, from the counters of a running gateway: a ledger entry for each stretch
 * in which something was lost, and a sign of life where nothing was. Counts are of the stretch.
 */
import { rfc3339 } from '../../src/event/time.ts';
import type { LedgerEntry } from '../archive/contract.ts';
import type { GatewayStatus } from './gateway.ts';

/** Milliseconds between two looks, and between two signs of life. */
const LOOK_EVERY = 10_000;
const LIFE_EVERY = 600_000;

type Counts = Readonly<Record<string, number>>;

export class GatewayLedger {
  readonly #status: () => GatewayStatus;
  readonly #tell: (entry: LedgerEntry) => void;
  #before = new Map<string, Counts>();
  /** Milliseconds since 1970: of the last look, of the last sign of life. */
  #looked = Date.now();
  #told = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(status: () => GatewayStatus, tell: (entry: LedgerEntry) => void) {
    this.#status = status;
    this.#tell = tell;
  }

  start(interfaces: readonly string[]): void {
    const { version, mode } = this.#status();
    const where = interfaces.join(', ');
    this.#entry('start', {}, `Sallyport ${version}, ${mode}${where === '' ? '' : ` ${where}`}`);
    this.#before = countsOf(this.#status());
    this.#timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  /** What was counted since the last look. */
  look(): void {
    const now = countsOf(this.#status());
    const before = this.#before;
    this.#before = now;
    for (const [what, why] of LOSSES) {
      const counts = difference(now.get(what), before.get(what));
      if (Object.values(counts).some((count) => count > 0)) this.#entry(what, counts, why);
    }
    const at = Date.now();
    if (at - this.#told >= LIFE_EVERY) {
      this.#told = at;
      this.#entry('running', now.get('running') ?? {}, 'since the start');
    }
    this.#looked = at;
  }

  /** Once it is drained. */
  stop(): void {
    clearInterval(this.#timer);
    this.look();
    this.#entry('stop', this.#before.get('running') ?? {}, 'stopped and drained');
  }

  #entry(what: string, counts: Counts, why: string): void {
    const to = Date.now();
    const point = what === 'start' || what === 'stop';
    this.#tell({ what, from: text(point ? to : this.#looked), to: text(to), counts, why });
  }
}

const LOSSES: readonly (readonly [what: string, why: string])[] = [
  ['dropped', 'the kernel had no room for packets: the ring was full'],
  ['shed', 'events were not taken from the workers as fast as they came'],
  ['worker-restart', 'a worker died: its connections are picked up in their middle'],
  ['failover', 'the wire was carried past the engine'],
  ['not-inspected', 'limits were reached: see docs/limits.md'],
];

function countsOf(status: GatewayStatus): Map<string, Counts> {
  const { interfaces, workers, wire } = status;
  const sum = (of: (worker: GatewayStatus['workers'][number]) => number) =>
    workers.reduce((all, worker) => all + of(worker), 0);
  return new Map<string, Counts>([
    ['dropped', { packets: interfaces.reduce((all, { dropped }) => all + dropped, 0) }],
    ['shed', { events: sum(({ eventsShed }) => eventsShed) }],
    ['worker-restart', { workers: sum(({ restarts }) => restarts) }],
    ['failover', { failovers: wire.failovers }],
    [
      'not-inspected',
      {
        sessions: sum(({ engine }) => engine.inspect.sessionsRefused),
        flows: sum(({ engine }) => engine.inspect.identificationRefused),
      },
    ],
    [
      'running',
      {
        packets: interfaces.reduce((all, { received }) => all + received, 0),
        events: sum(({ events }) => Object.values(events).reduce((a, b) => a + b, 0)),
      },
    ],
  ]);
}

function difference(now: Counts = {}, before: Counts = {}): Counts {
  return Object.fromEntries(
    Object.entries(now).map(([name, count]) => [name, Math.max(0, count - (before[name] ?? 0))]),
  );
}

function text(milliseconds: number): string {
  return rfc3339(milliseconds * 1000);
}
