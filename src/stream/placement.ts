/** Where a segment's octets go: delivered at once, joined with what is held, held, or seen before. */
import type { PacketView } from '../decode/packet-view.ts';
import * as slotOf from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { StreamCounters } from './counters.ts';
import type { Delivery } from './delivery.ts';
import type { HeldLists } from './held-lists.ts';
import type { Holes } from './holes.ts';

const { FIN_SEEN, FLAGS, HELD, INITIAL, NEXT, PICKED_UP, STRIDE } = slotOf;

export class Placement {
  readonly #table: FlowTable;
  readonly #lists: HeldLists;
  readonly #delivery: Delivery;
  readonly #holes: Holes;
  readonly #counters: StreamCounters;

  constructor(
    table: FlowTable,
    lists: HeldLists,
    delivery: Delivery,
    holes: Holes,
    counters: StreamCounters,
  ) {
    this.#table = table;
    this.#lists = lists;
    this.#delivery = delivery;
    this.#holes = holes;
    this.#counters = counters;
  }

  /** Puts view.buffer[payloadStart, end) and `missing` octets behind it in their place. */
  place(view: PacketView, slot: number, end: number, missing: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const next = words[base + NEXT + d] ?? 0;
    const offset = (sequence - next) | 0;
    const start = view.payloadStart;
    if (offset === 0 && missing === 0 && (words[base + HELD + d] ?? 0) === 0) {
      if (end > start) this.#delivery.data(slot, view.buffer, start, end);
      if (((words[base + FLAGS] ?? 0) & (FIN_SEEN << this.#table.direction)) !== 0) {
        this.#holes.settle(slot);
      }
      return;
    }
    if (offset > 0) {
      this.#hold(view, slot, end, missing, sequence);
      return;
    }
    if (offset < 0) this.#repeated(view, slot, end, missing, sequence);
    if (this.#delivery.reads(slot)) this.#join(slot, view.buffer, start, end, missing, sequence);
  }

  /** Checks octets that passed before against what is remembered of them. */
  #repeated(view: PacketView, slot: number, end: number, missing: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const next = words[base + NEXT + d] ?? 0;
    const start = view.payloadStart;
    if (((sequence + (end - start) + missing - next) | 0) <= 0) this.#counters.retransmissions++;
    const pickedUp = ((words[base + FLAGS] ?? 0) & (PICKED_UP << d)) !== 0;
    if (pickedUp && ((sequence - (words[base + INITIAL + d] ?? 0)) | 0) < 0) {
      this.#delivery.anomaly(slot, 'before-pickup');
    } else if (!this.#delivery.agrees(slot, view.buffer, start, end, sequence)) {
      this.#delivery.anomaly(slot, 'conflicting-overlap');
    }
  }

  /** Delivers what is new of a segment that begins at or before the next octet. */
  #join(
    slot: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    missing: number,
    sequence: number,
  ): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const next = words[base + NEXT + this.#table.direction] ?? 0;
    const upTo = (sequence + (end - start) + missing) | 0;
    let from = start + ((next - sequence) | 0);
    let conflict = false;
    while (from < end && this.#delivery.reads(slot)) {
      const at = base + NEXT + this.#table.direction;
      const held = this.#lists.of(slot);
      const ahead =
        held === undefined || held.count === 0
          ? end - from
          : (held.firstSequence - (words[at] ?? 0)) | 0;
      if (held === undefined || ahead > 0) {
        const piece = Math.min(ahead, end - from);
        from += piece;
        this.#delivery.data(slot, buffer, from - piece, from);
        continue;
      }
      const overlap = Math.min(held.firstLength + ahead, end - from);
      if (held.firstChunk === -1 && overlap > 0) {
        // What was not captured the first time.
        const rest = held.firstLength + ahead - overlap;
        held.shift();
        from += overlap;
        this.#delivery.data(slot, buffer, from - overlap, from);
        if (rest > 0 && this.#delivery.reads(slot)) this.#delivery.gap(slot, rest, 'snap');
        continue;
      }
      if (overlap > 0) {
        if (!held.firstAgrees(-ahead, buffer, from, overlap)) conflict = true;
        from += overlap;
      }
      this.#holes.deliverFirst(slot, held);
    }
    if (conflict && this.#delivery.reads(slot)) this.#delivery.anomaly(slot, 'conflicting-overlap');
    if (missing > 0) this.#holes.missed(slot, upTo);
    if (!this.#delivery.reads(slot)) return;
    this.#holes.settle(slot);
    if (((upTo - next) | 0) > 0) this.#holes.shrank(slot);
  }

  /** Keeps a segment that lies ahead; makes room, if there is none, by giving up holes. */
  #hold(view: PacketView, slot: number, end: number, missing: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const { buffer, payloadStart: start } = view;
    const behind = (sequence + (end - start)) | 0;
    this.#counters.outOfOrder++;
    let conflict = false;
    let held = this.#lists.make(slot);
    held.arrivals++;
    for (;;) {
      const kept = held.insert(buffer, start, end, sequence);
      if (held.conflict) conflict = true;
      if (kept && (missing === 0 || held.insert(undefined, 0, missing, behind))) break;
      if (this.#holes.isLacking(slot, held.count > 0 ? held.firstSequence : sequence)) {
        this.#counters.dropped++;
        if (conflict) this.#delivery.anomaly(slot, 'conflicting-overlap');
        return;
      }
      if (held.count > 0) {
        this.#holes.skip(slot, 'memory');
      } else {
        const next = words[base + NEXT + this.#table.direction] ?? 0;
        this.#delivery.gap(slot, (sequence - next) | 0, 'memory');
      }
      if (!this.#delivery.reads(slot)) return;
      const next = words[base + NEXT + this.#table.direction] ?? 0;
      if (((sequence - next) | 0) <= 0) {
        this.#join(slot, buffer, start, end, missing, sequence);
        break;
      }
      held = this.#lists.make(slot);
    }
    if (conflict && this.#delivery.reads(slot)) this.#delivery.anomaly(slot, 'conflicting-overlap');
    if (this.#delivery.reads(slot)) this.#holes.settle(slot);
  }
}
