/**
 * TCP segments to streams: in order, each octet once, the first copy wins, holes named (holes.ts).
 *
 * Works on the direction in `FlowTable.direction`.
 */
import type { PacketView } from '../decode/packet-view.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import { CHUNK, ChunkPool } from './chunk-pool.ts';
import type { StreamCounters } from './counters.ts';
import { Delivery } from './delivery.ts';
import { HeldLists } from './held-lists.ts';
import { Holes } from './holes.ts';
import type { StreamListener } from './listener.ts';
import { Placement } from './placement.ts';
import { areNear, SPAN } from './span.ts';

const { ACKED, ACKNOWLEDGED, ENDED, FIN_AT, FIN_SEEN, FLAGS, HELD, INITIAL, NEXT } = slotOf;
const { PICKED_UP, RECENT, STARTED, STRAYS, STRIDE } = slotOf;

const FIN = 1;
const SYN = 2;
/** Segments in a row; where the receiver is seen, those that it acknowledges. */
const STRAYS_BELIEVED = 32;
const ACKED_STRAYS_BELIEVED = 4;

export class Reassembly {
  readonly #table: FlowTable;
  readonly #counters: StreamCounters;
  readonly #pool: ChunkPool;
  readonly #lists: HeldLists;
  readonly #delivery: Delivery;
  readonly #holes: Holes;
  readonly #placement: Placement;

  constructor(
    table: FlowTable,
    limits: Limits,
    listener: StreamListener,
    counters: StreamCounters,
  ) {
    const pieces = Math.max(1, Math.floor(limits.reassemblyPerDirection / CHUNK));
    this.#table = table;
    this.#counters = counters;
    this.#pool = new ChunkPool(limits.reassemblyTotal);
    this.#lists = new HeldLists(table, this.#pool, pieces);
    this.#delivery = new Delivery(table, this.#pool, listener, counters);
    this.#holes = new Holes(table, this.#pool, this.#lists, this.#delivery, listener, counters);
    this.#placement = new Placement(table, this.#lists, this.#delivery, this.#holes, counters);
  }

  /** The payload and FIN of a segment. */
  segment(view: PacketView, slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const isFin = (view.flags & FIN) !== 0;
    const sequence = (view.sequence + ((view.flags >> 1) & 1)) | 0;
    let end = view.payloadEnd;
    let missing = view.payloadMissing;
    const length = end - view.payloadStart + missing;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & (STARTED << d)) === 0) this.#pickUp(base, sequence);

    const offset = (sequence - (words[base + NEXT + d] ?? 0)) | 0;
    // RFC 9293 §3.8.4: one octet before the next, which may be garbage. After a FIN, at its place.
    if (
      length <= 1 &&
      !isFin &&
      (offset === -1 || (offset === 0 && (flags & (ENDED << d)) !== 0))
    ) {
      this.#counters.keepAlives++;
      return;
    }
    if (offset > SPAN || offset < -SPAN) {
      this.#stray(view, slot, sequence);
      return;
    }
    words[base + STRAYS + d] = 0;
    if ((flags & (FIN_SEEN << d)) !== 0) {
      const beyond = (sequence + length - (words[base + FIN_AT + d] ?? 0)) | 0;
      if (beyond > 0) {
        this.#delivery.anomaly(slot, length > 0 ? 'data-after-fin' : 'conflicting-fin');
        const notCaptured = Math.min(beyond, missing);
        missing -= notCaptured;
        end -= beyond - notCaptured;
        if (end < view.payloadStart || !this.#delivery.reads(slot)) return;
      }
    } else if (isFin) {
      this.#noteFin(slot, (sequence + length) | 0);
      if (!this.#delivery.reads(slot)) return;
    }
    this.#placement.place(view, slot, end, missing, sequence);
  }

  /** Keeps the octets of a SYN until the server says whether it took them. */
  keep(view: PacketView, slot: number): void {
    const sequence = (view.sequence + ((view.flags & SYN) >> 1)) | 0;
    const held = this.#lists.make(slot);
    held.insert(view.buffer, view.payloadStart, view.payloadEnd, sequence);
    if (view.payloadMissing > 0) {
      const behind = (sequence + view.payloadEnd - view.payloadStart) | 0;
      held.insert(undefined, 0, view.payloadMissing, behind);
    }
    if (held.conflict) this.#delivery.anomaly(slot, 'conflicting-overlap');
  }

  /** Delivers what `keep` kept. */
  deliverKept(slot: number): void {
    this.#holes.settle(slot);
  }

  /** Drops what `keep` kept. */
  dropKept(slot: number): void {
    this.#lists.release(slot, this.#table.direction);
  }

  /**
   * The sender of the current packet, whose own stream is at `sequence`, has all octets before
   * `ack`. What a segment says that lies nowhere near its stream is not believed (RFC 5961 §5),
   * and the newest segment is right, whatever was said before: one forged is soon corrected.
   */
  acknowledge(slot: number, ack: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const own = this.#table.direction;
    const d = 1 - own;
    const flags = words[base + FLAGS] ?? 0;
    const behind = ((words[base + NEXT + own] ?? 0) - sequence) | 0;
    const isStarted = (flags & (STARTED << own)) !== 0;
    if (isStarted && (behind > SPAN || behind < -SPAN)) return;
    const at = base + ACKNOWLEDGED + d;
    const isNews = (flags & (ACKED << d)) === 0 || ((ack - (words[at] ?? 0)) | 0) > 0;
    if (isNews || !isStarted || behind <= 1) words[at] = ack;
    words[base + FLAGS] = flags | (ACKED << d);
    if ((words[base + HELD + d] ?? 0) !== 0) this.#lists.hear(slot, d);
    if ((words[base + RECENT + d] ?? 0) !== 0 && this.#delivery.isTight) {
      const beyond = (ack - (words[base + NEXT + d] ?? 0)) | 0;
      if (beyond >= 0 && beyond <= SPAN) this.#delivery.forget(base, d);
    }
  }

  /** Whether to wait on for the hole of the current direction, if it has one. */
  reconsider(slot: number, now: number): void {
    this.#holes.reconsider(slot, now);
  }

  /** The current direction ends: holes are reported, what waits is delivered. */
  flush(slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    this.#holes.skipAll(slot);
    if (!this.#delivery.reads(slot)) return;
    const d = this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & (STARTED << d)) === 0 || (flags & (ACKED << d)) === 0) return;
    if ((flags & (FIN_SEEN << d)) !== 0) return;
    // One more than delivered may be a FIN that was not captured.
    const lost = ((words[base + ACKNOWLEDGED + d] ?? 0) - (words[base + NEXT + d] ?? 0)) | 0;
    if (lost > 1 && lost <= SPAN) this.#delivery.gap(slot, lost, 'loss');
  }

  /** Nothing of the flow will be read any more. */
  release(slot: number): void {
    const base = slot * STRIDE;
    for (let d = 0; d < 2; d++) {
      this.#lists.release(slot, d);
      this.#delivery.forget(base, d);
    }
  }

  /** The next `octets` of the current direction are not waited for. */
  giveUp(slot: number, octets: number): void {
    this.#delivery.gap(slot, octets, 'loss');
  }

  anomaly(slot: number, name: string): void {
    this.#delivery.anomaly(slot, name);
  }

  /** Octets of chunks in use. */
  get heldOctets(): number {
    return this.#pool.used * CHUNK;
  }

  /** Sequence number behind all that is held of the current direction, else the next expected. */
  highest(slot: number): number {
    return this.#lists.highest(slot);
  }

  /** The opening was not seen: the stream starts here. */
  #pickUp(base: number, sequence: number): void {
    const words = this.#table.words;
    const d = this.#table.direction;
    words[base + NEXT + d] = sequence;
    words[base + INITIAL + d] = sequence;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (STARTED << d) | (PICKED_UP << d);
  }

  #noteFin(slot: number, at: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    // A FIN amid octets that passed already: whoever sent it, reading on loses nothing.
    if (((at - this.#lists.highest(slot)) | 0) < 0) {
      this.#delivery.anomaly(slot, 'conflicting-fin');
      return;
    }
    words[base + FIN_AT + d] = at;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (FIN_SEEN << d);
    if (this.#table.state(slot) < State.Closing) this.#table.setState(slot, State.Closing);
  }

  /**
   * Nowhere near the stream: garbage, or the stream after more loss than SPAN. Believed where the
   * receiver acknowledges it; when nothing else comes, if the receiver was never seen or its own
   * stream is lost as well.
   */
  #stray(view: PacketView, slot: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    let d = this.#table.direction;
    const strays = (words[base + STRAYS + d] ?? 0) + 1;
    words[base + STRAYS + d] = strays;
    const acked = ((words[base + FLAGS] ?? 0) & (ACKED << d)) !== 0;
    const both = (words[base + STRAYS + 1 - d] ?? 0) >= STRAYS_BELIEVED;
    const believed =
      (strays >= STRAYS_BELIEVED && (both || !acked)) ||
      (strays >= ACKED_STRAYS_BELIEVED &&
        acked &&
        areNear(sequence, words[base + ACKNOWLEDGED + d] ?? 0));
    this.#delivery.anomaly(slot, 'out-of-window');
    if (!believed) return;
    this.#holes.skipAll(slot);
    if (!this.#delivery.reads(slot)) return;
    d = this.#table.direction;
    if (((words[base + FLAGS] ?? 0) & (ENDED << d)) !== 0) return;
    // Backwards, after forged octets were believed, nobody knows how many were lost: at least one.
    const lost = (sequence - (words[base + NEXT + d] ?? 0)) | 0;
    this.#delivery.gap(slot, Math.max(1, lost), 'loss');
    if (!this.#delivery.reads(slot)) return;
    words[base + NEXT + this.#table.direction] = sequence;
    this.segment(view, slot);
  }
}
