/**
 * What leaves the reassembly, in order: octets, gaps, anomalies of the current direction; keeps the
 * next sequence number, and for sessions the octets delivered last.
 *
 * Every call of the listener may let the flow go or turn it round, so everything is read again
 * after one: FlowTable.swap turns `table.direction` with the flow.
 */
import type { GapCause } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { ChunkPool } from './chunk-pool.ts';
import type { StreamCounters } from './counters.ts';
import type { StreamListener } from './listener.ts';
import { RecentOctets } from './recent-octets.ts';

const { DELIVERED, FLAGS, NEXT, RECENT, STRIDE } = slotOf;

export class Delivery {
  readonly #table: FlowTable;
  readonly #listener: StreamListener;
  readonly #counters: StreamCounters;
  readonly #recent: RecentOctets;

  constructor(
    table: FlowTable,
    pool: ChunkPool,
    listener: StreamListener,
    counters: StreamCounters,
  ) {
    this.#table = table;
    this.#listener = listener;
    this.#counters = counters;
    this.#recent = new RecentOctets(pool);
  }

  /** Whether anybody reads the flow. */
  reads(slot: number): boolean {
    return this.#table.disposition(slot) < Disposition.LetGo;
  }

  /** buffer[start, end) are the next octets; not none. Of a session the listener gets a view of just these. */
  data(slot: number, buffer: Uint8Array, start: number, end: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const sequence = words[base + NEXT + d] ?? 0;
    words[base + NEXT + d] = (sequence + (end - start)) | 0;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (DELIVERED << d);
    if (this.#table.disposition(slot) === Disposition.Session) {
      const octets = buffer.subarray(start, end);
      let chunk = (words[base + RECENT + d] ?? 0) - 1;
      if (chunk === -1) {
        chunk = this.#recent.open(sequence);
        words[base + RECENT + d] = chunk + 1;
      }
      if (chunk !== -1) this.#recent.add(chunk, octets, sequence);
      this.#listener.data(slot, d, octets, 0, octets.length);
    } else this.#listener.data(slot, d, buffer, start, end);
  }

  /** The next `octets` will never come. */
  gap(slot: number, octets: number, cause: GapCause): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    words[base + NEXT + d] = ((words[base + NEXT + d] ?? 0) + octets) | 0;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (DELIVERED << d);
    this.forget(base, d);
    this.#counters.gaps++;
    this.#counters.gapOctets += octets;
    if (cause === 'memory') this.#counters.memoryGaps++;
    else if (cause === 'snap') this.#counters.snapGaps++;
    this.#listener.gap(slot, d, octets, cause);
  }

  anomaly(slot: number, name: string): void {
    this.#counters.anomalies++;
    this.#listener.anomaly(slot, this.#table.direction, name);
  }

  /** Whether a second copy, buffer[start, end) at `sequence`, is what was delivered. */
  agrees(slot: number, buffer: Uint8Array, start: number, end: number, sequence: number): boolean {
    const words = this.#table.words;
    const at = slot * STRIDE + this.#table.direction;
    const chunk = (words[at + RECENT] ?? 0) - 1;
    if (chunk === -1) return true;
    return this.#recent.agrees(chunk, words[at + NEXT] ?? 0, buffer, start, end, sequence);
  }

  /** Whether memory of what was delivered and acknowledged should be given back. */
  get isTight(): boolean {
    return this.#recent.isTight;
  }

  /** Forgets what was delivered in direction `d` of the slot at `base`. */
  forget(base: number, d: number): void {
    const words = this.#table.words;
    const chunk = (words[base + RECENT + d] ?? 0) - 1;
    if (chunk === -1) return;
    this.#recent.close(chunk);
    words[base + RECENT + d] = 0;
  }
}
