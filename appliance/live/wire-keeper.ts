/**
 * Keeps a bridge's wire with the engine while every worker runs, and gives it away while one does not:
 * workers share the wire's flows, so that without one of them some would be cut. One change at a time.
 */
import type { WireSpan } from '../failsafe/wire-span.ts';
import type { Log } from '../log/log.ts';
import type { GatewayStatus } from './gateway.ts';

/** Who cares for the wire while the engine does not carry it: WireGuard (appliance/failsafe). */
export interface WireLink {
  readonly status: GatewayStatus['wire'];
  /** The engine carries what comes in from the time on that this resolves with, microseconds since 1970. */
  take(): Promise<number>;
  /** It cannot: what comes in from then on is somebody else's. */
  handOver(): Promise<number>;
  /** It ends as it was told to: the same. */
  stop(): Promise<number>;
  /** Signs of life: one Int32 a worker. */
  watch(beats: Int32Array): void;
}

export interface WireKeeperParts {
  readonly link: WireLink;
  readonly span: WireSpan;
  readonly log: Log;
  readonly workers: () => { readonly ready: number; readonly all: number };
}

/** Milliseconds until a change that failed is tried again. */
const AGAIN = 500;

export class WireKeeper {
  readonly #parts: WireKeeperParts;
  #carrying = false;
  #begun = false;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;

  constructor(parts: WireKeeperParts) {
    this.#parts = parts;
  }

  get status(): GatewayStatus['wire'] {
    return this.#parts.link.status;
  }

  /** Every worker has opened its rings and rests. Rejects where the wire cannot be had. */
  async begin(beats: Int32Array): Promise<void> {
    const { link, span } = this.#parts;
    link.watch(beats);
    span.begin(await link.take());
    this.#carrying = true;
    this.#begun = true;
  }

  /** A worker has died, or runs again. */
  changed(): void {
    if (this.#begun) this.#work = this.#work.then(() => this.#settle());
  }

  /** What came in until now is still carried; then workers may be stopped. */
  async end(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#again);
    await this.#work;
    const { link, span, log, workers } = this.#parts;
    try {
      if (this.#carrying) await span.pause(workers().ready);
      span.end(await link.stop());
    } catch (error) {
      log.error('nobody takes the wire over', { error });
      span.end(Date.now() * 1000);
    }
  }

  async #settle(): Promise<void> {
    if (this.#stopped) return;
    const { link, span, log, workers } = this.#parts;
    const { ready, all } = workers();
    try {
      if (this.#carrying && ready < all) {
        this.#carrying = false;
        await span.pause(ready);
        span.end(await link.handOver());
        const to = link.status.carriedBy;
        log.warn('the wire is handed over until every worker runs again', { to });
      } else if (!this.#carrying && ready === all) {
        await span.pause(ready);
        span.begin(await link.take());
        this.#carrying = true;
        log.info('the engine carries the wire again');
      }
    } catch (error) {
      span.end(Date.now() * 1000); // nobody rests for ever
      log.error('the wire could not be handed over or taken', { error });
      this.#again = setTimeout(() => this.changed(), AGAIN);
    }
  }
}
