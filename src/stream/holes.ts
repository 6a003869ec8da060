/**
 * Holes in a direction with segments behind them: filled, or given up and reported as gaps.
 *
 * A hole is given up when
 * - the receiver acknowledged all of it (it was delivered, only not to us) and then ACKED_PACKETS
 *   more packets of the flow came or ACKED_WAIT passed: a busy capture may record an
 *   acknowledgement before what it acknowledges;
 * - no acknowledgement of this direction was ever seen (one-sided capture) and ONE_SIDED_SEGMENTS
 *   or ONE_SIDED_WAIT went by; both, with LONGEST_WAIT, where the receiver was seen and fell silent;
 * - memory for what waits behind it is used up;
 * - the flow ends.
 *
 * A receiver that speaks and does not acknowledge the hole does not have it: it is still to come.
 * Then what waits is dropped, at LONGEST_WAIT or for want of memory, and not the hole: a sender
 * could else make us skip what it is about to say, with a segment that its receiver never takes.
 */
import type { GapCause } from '../event/event.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { ChunkPool } from './chunk-pool.ts';
import type { StreamCounters } from './counters.ts';
import type { Delivery } from './delivery.ts';
import type { HeldLists } from './held-lists.ts';
import type { HeldSegments } from './held-segments.ts';
import type { StreamListener } from './listener.ts';
import { SPAN } from './span.ts';

const { ACKED, ACKNOWLEDGED, ENDED, FIN_AT, FIN_SEEN, FLAGS, HELD, NEXT, STRIDE } = slotOf;

// Captures with segments recorded 160 packets and 1.4 s after their acknowledgement were seen.
const ACKED_PACKETS = 256;
const ACKED_WAIT = 2e6; // microseconds
const ONE_SIDED_SEGMENTS = 32;
const ONE_SIDED_WAIT = 2e6; // microseconds
const LONGEST_WAIT = 60e6; // microseconds

export class Holes {
  readonly #table: FlowTable;
  readonly #pool: ChunkPool;
  readonly #lists: HeldLists;
  readonly #delivery: Delivery;
  readonly #listener: StreamListener;
  readonly #counters: StreamCounters;

  constructor(
    table: FlowTable,
    pool: ChunkPool,
    lists: HeldLists,
    delivery: Delivery,
    listener: StreamListener,
    counters: StreamCounters,
  ) {
    this.#table = table;
    this.#pool = pool;
    this.#lists = lists;
    this.#delivery = delivery;
    this.#listener = listener;
    this.#counters = counters;
  }

  /** Whether to wait on for the hole of the current direction, if it has one. */
  reconsider(slot: number, now: number): void {
    const held = this.#lists.of(slot);
    if (held === undefined) return;
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const hole = held.count > 0 ? held.firstSequence : (words[base + FIN_AT + d] ?? 0);
    const acked = ((words[base + FLAGS] ?? 0) & (ACKED << d)) !== 0;
    const waited = now - (held.since[0] ?? 0);
    const many = held.arrivals > ONE_SIDED_SEGMENTS;
    let enough = many || waited > ONE_SIDED_WAIT;
    if (acked) {
      const lead = ((words[base + ACKNOWLEDGED + d] ?? 0) - hole) | 0;
      if (lead >= 0 && lead <= SPAN) {
        if (held.patience++ === 0) held.since[1] = now;
        enough = held.patience > ACKED_PACKETS || now - (held.since[1] ?? 0) > ACKED_WAIT;
      } else {
        held.patience = 0;
        if (held.heard && waited > LONGEST_WAIT) {
          this.#drop(slot);
          return;
        }
        enough = many && waited > LONGEST_WAIT;
      }
    }
    if (enough) this.skip(slot, 'loss');
  }

  /** The sender spoke in front of what waits: it is not ahead of the hole. */
  shrank(slot: number): void {
    const held = this.#lists.of(slot);
    if (held === undefined) return;
    held.arrivals = 0;
    const acked = ACKED << this.#table.direction;
    const flags = this.#table.words[slot * STRIDE + FLAGS] ?? 0;
    if ((flags & acked) === 0) this.#lists.waitAnew(slot, held);
  }

  /** Whether the receiver is seen, and has not acknowledged what precedes `sequence`. */
  isLacking(slot: number, sequence: number): boolean {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    if (((words[base + FLAGS] ?? 0) & (ACKED << d)) === 0) return false;
    return (((words[base + ACKNOWLEDGED + d] ?? 0) - sequence) | 0) < 0;
  }

  /** Gives up the hole in front. */
  skip(slot: number, cause: GapCause): void {
    const held = this.#lists.of(slot);
    if (held === undefined) return;
    const words = this.#table.words;
    const at = slot * STRIDE + this.#table.direction;
    const upTo = held.count > 0 ? held.firstSequence : (words[at + FIN_AT] ?? 0);
    const lost = (upTo - (words[at + NEXT] ?? 0)) | 0;
    if (lost > 0) this.#delivery.gap(slot, lost, cause);
    if (this.#delivery.reads(slot)) this.settle(slot);
  }

  /** Gives up every hole. */
  skipAll(slot: number): void {
    const words = this.#table.words;
    const at = slot * STRIDE + HELD;
    while (this.#delivery.reads(slot) && (words[at + this.#table.direction] ?? 0) !== 0) {
      this.skip(slot, 'loss');
    }
  }

  /** What no held piece brings of the octets before `upTo` was not captured. */
  missed(slot: number, upTo: number): void {
    const words = this.#table.words;
    while (this.#delivery.reads(slot)) {
      this.#drain(slot);
      if (!this.#delivery.reads(slot)) return;
      const held = this.#lists.of(slot);
      const next = words[slot * STRIDE + NEXT + this.#table.direction] ?? 0;
      let lost = (upTo - next) | 0;
      if (held !== undefined && held.count > 0) {
        lost = Math.min(lost, (held.firstSequence - next) | 0);
      }
      if (lost <= 0) return;
      this.#delivery.gap(slot, lost, 'snap');
    }
  }

  /** Delivers what has become contiguous, and the end if it is reached. */
  settle(slot: number): void {
    this.#drain(slot);
    if (!this.#delivery.reads(slot)) return;
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    const open = (flags & (FIN_SEEN << d)) !== 0 && (flags & (ENDED << d)) === 0;
    const reached = open && words[base + NEXT + d] === words[base + FIN_AT + d];
    const held = this.#lists.of(slot);
    if (held === undefined) {
      if (open && !reached) this.#lists.make(slot); // waits for what precedes the FIN
    } else if (held.count === 0 && (!open || reached)) {
      this.#lists.release(slot, d);
    }
    if (!reached) return;
    words[base + FLAGS] = flags | (ENDED << d);
    if ((flags & (ENDED << (1 - d))) !== 0) this.#table.setState(slot, State.Finished);
    this.#listener.ended(slot, d, 'fin');
  }

  /** Delivers what is new of the first piece held. */
  deliverFirst(slot: number, held: HeldSegments): void {
    const at = slot * STRIDE + this.#table.direction;
    const passed = ((this.#table.words[at + NEXT] ?? 0) - held.firstSequence) | 0;
    const length = held.firstLength;
    const chunk = held.firstChunk;
    held.shift();
    if (chunk === -1) {
      if (length > passed) this.#delivery.gap(slot, length - passed, 'snap');
      return;
    }
    const offset = this.#pool.offset(chunk);
    if (length > passed) {
      this.#delivery.data(slot, this.#pool.slab(chunk), offset + passed, offset + length);
    }
    this.#pool.give(chunk);
  }

  /** Drops what waits, a FIN included: it lies where the receiver never came. */
  #drop(slot: number): void {
    const words = this.#table.words;
    const at = slot * STRIDE + FLAGS;
    const d = this.#table.direction;
    this.#counters.dropped++;
    this.#lists.release(slot, d);
    const flags = (words[at] ?? 0) & ~(FIN_SEEN << d);
    words[at] = flags;
    if (this.#table.state(slot) === State.Closing && (flags & (FIN_SEEN << (1 - d))) === 0) {
      this.#table.setState(slot, State.Established);
    }
  }

  #drain(slot: number): void {
    const words = this.#table.words;
    let drained = false;
    for (;;) {
      const held = this.#lists.of(slot);
      if (held === undefined) return;
      const next = words[slot * STRIDE + NEXT + this.#table.direction] ?? 0;
      if (held.count === 0 || ((held.firstSequence - next) | 0) > 0) {
        if (drained) this.#lists.waitAnew(slot, held);
        return;
      }
      this.deliverFirst(slot, held);
      drained = true;
      if (!this.#delivery.reads(slot)) return;
    }
  }
}
