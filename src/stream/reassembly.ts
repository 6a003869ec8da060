/**
 * TCP segments to streams: in order, each octet once, the first copy wins, holes named.
 *
 * Works on the direction in `FlowTable.direction`. Every call of the listener may let the flow go
 * or turn it round, so everything is read again after one: FlowTable.swap turns
 * `table.direction` with the flow.
 *
 * A hole is given up, and reported as a gap, when
 * - the receiver acknowledged all of it (it was delivered, only not to us) and then ACKED_PACKETS
 *   more packets of the flow came or ACKED_WAIT passed: a busy capture may record an
 *   acknowledgement before what it acknowledges;
 * - no acknowledgement of this direction was ever seen (one-sided capture) and ONE_SIDED_SEGMENTS
 *   or ONE_SIDED_WAIT went by; LONGEST_WAIT where the other side is seen but does not acknowledge;
 * - memory for what waits behind it is used up;
 * - the flow ends.
 */
import type { PacketView } from '../decode/packet-view.ts';
import type { GapCause } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import { CHUNK, ChunkPool } from './chunk-pool.ts';
import type { StreamCounters } from './counters.ts';
import { HeldSegments } from './held-segments.ts';
import type { StreamListener } from './listener.ts';
import { RecentOctets } from './recent-octets.ts';

const { ACKED, ACKNOWLEDGED, DELIVERED, ENDED, FIN_AT, FIN_SEEN, FLAGS, HELD, INITIAL } = slotOf;
const { LAST_TIME, NEXT, NUMBERS, PICKED_UP, RECENT, STARTED, STRAYS, STRIDE } = slotOf;

const FIN = 1;
const SYN = 2;
/** Farther from the next octet than any sender is ahead, octets; see #stray. */
const SPAN: number = 4 << 20;
const STRAYS_BELIEVED = 32; // segments
// Captures with segments recorded 160 packets and 1.4 s after their acknowledgement were seen.
const ACKED_PACKETS = 256;
const ACKED_WAIT = 2e6; // microseconds
const ONE_SIDED_SEGMENTS = 32;
const ONE_SIDED_WAIT = 2e6; // microseconds
const LONGEST_WAIT = 60e6; // microseconds

export class Reassembly {
  readonly #pool: ChunkPool;
  readonly #table: FlowTable;
  readonly #listener: StreamListener;
  readonly #counters: StreamCounters;
  readonly #recent: RecentOctets;
  readonly #pieces: number; // a direction
  readonly #lists: HeldSegments[] = [];
  /** Numbers of lists not in use. */
  readonly #spare: number[] = [];

  constructor(
    table: FlowTable,
    limits: Limits,
    listener: StreamListener,
    counters: StreamCounters,
  ) {
    this.#table = table;
    this.#listener = listener;
    this.#counters = counters;
    this.#pool = new ChunkPool(limits.reassemblyTotal);
    this.#recent = new RecentOctets(this.#pool);
    this.#pieces = Math.max(1, Math.floor(limits.reassemblyPerDirection / CHUNK));
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
      this.#stray(view, slot, offset);
      return;
    }
    words[base + STRAYS + d] = 0;
    if ((flags & (FIN_SEEN << d)) !== 0) {
      const beyond = (sequence + length - (words[base + FIN_AT + d] ?? 0)) | 0;
      if (beyond > 0) {
        this.anomaly(slot, length > 0 ? 'data-after-fin' : 'conflicting-fin');
        const notCaptured = Math.min(beyond, missing);
        missing -= notCaptured;
        end -= beyond - notCaptured;
        if (end < view.payloadStart || !this.#reads(slot)) return;
      }
    } else if (isFin) {
      this.#noteFin(slot, (sequence + length) | 0);
      if (!this.#reads(slot)) return;
    }
    this.#place(view, slot, end, missing, sequence);
  }

  /** Keeps the octets of a SYN until the server says whether it took them. */
  keep(view: PacketView, slot: number): void {
    const sequence = (view.sequence + ((view.flags & SYN) >> 1)) | 0;
    const held = this.#list(slot);
    held.insert(view.buffer, view.payloadStart, view.payloadEnd, sequence);
    if (view.payloadMissing > 0) {
      const behind = (sequence + view.payloadEnd - view.payloadStart) | 0;
      held.insert(undefined, 0, view.payloadMissing, behind);
    }
    if (held.conflict) this.anomaly(slot, 'conflicting-overlap');
  }

  /** Delivers what `keep` kept. */
  deliverKept(slot: number): void {
    this.#settle(slot);
  }

  /** Drops what `keep` kept. */
  dropKept(slot: number): void {
    this.#releaseList(slot, this.#table.direction);
  }

  /** The receiver of the current packet's opposite direction has all octets before `ack`. */
  acknowledge(slot: number, ack: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = 1 - this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    const next = words[base + NEXT + d] ?? 0;
    if ((flags & (STARTED << d)) !== 0 && ((ack - next) | 0) > SPAN) return;
    const at = base + ACKNOWLEDGED + d;
    if ((flags & (ACKED << d)) === 0) {
      words[base + FLAGS] = flags | (ACKED << d);
      words[at] = ack;
    } else if (((ack - (words[at] ?? 0)) | 0) > 0) {
      words[at] = ack;
    }
    if ((words[base + RECENT + d] ?? 0) !== 0 && ((ack - next) | 0) >= 0 && this.#recent.isTight) {
      this.#forget(base, d);
    }
  }

  /** Whether to wait on for the hole of the current direction, if it has one. */
  reconsider(slot: number, now: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const held = this.#lists[(words[base + HELD + d] ?? 0) - 1];
    if (held === undefined) return;
    const hole = held.count > 0 ? held.firstSequence : (words[base + FIN_AT + d] ?? 0);
    const acked = ((words[base + FLAGS] ?? 0) & (ACKED << d)) !== 0;
    const waited = now - (held.since[0] ?? 0);
    let enough = waited > LONGEST_WAIT;
    if (acked && (((words[base + ACKNOWLEDGED + d] ?? 0) - hole) | 0) >= 0) {
      if (held.patience++ === 0) held.since[1] = now;
      enough = held.patience > ACKED_PACKETS || now - (held.since[1] ?? 0) > ACKED_WAIT;
    } else if (!acked) {
      enough = held.arrivals > ONE_SIDED_SEGMENTS || waited > ONE_SIDED_WAIT;
    }
    if (enough) this.#skip(slot, 'loss');
  }

  /** The current direction ends: holes are reported, what waits is delivered. */
  flush(slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    while (this.#reads(slot) && (words[base + HELD + this.#table.direction] ?? 0) !== 0) {
      this.#skip(slot, 'loss');
    }
    if (!this.#reads(slot)) return;
    const d = this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & (STARTED << d)) === 0 || (flags & (ACKED << d)) === 0) return;
    if ((flags & (FIN_SEEN << d)) !== 0) return;
    // One more than delivered may be a FIN that was not captured.
    const lost = ((words[base + ACKNOWLEDGED + d] ?? 0) - (words[base + NEXT + d] ?? 0)) | 0;
    if (lost > 1 && lost <= SPAN) this.#gap(slot, lost, 'loss');
  }

  /** Nothing of the flow will be read any more. */
  release(slot: number): void {
    const base = slot * STRIDE;
    for (let d = 0; d < 2; d++) {
      this.#releaseList(slot, d);
      this.#forget(base, d);
    }
  }

  anomaly(slot: number, name: string): void {
    this.#counters.anomalies++;
    this.#listener.anomaly(slot, this.#table.direction, name);
  }

  /** Octets of chunks in use. */
  get heldOctets(): number {
    return this.#pool.used * CHUNK;
  }

  /** Sequence number behind all that is held of the current direction, else the next expected. */
  highest(slot: number): number {
    const at = slot * STRIDE + this.#table.direction;
    const words = this.#table.words;
    const held = this.#lists[(words[at + HELD] ?? 0) - 1];
    return held !== undefined && held.count > 0 ? held.end : (words[at + NEXT] ?? 0);
  }

  #reads(slot: number): boolean {
    return this.#table.disposition(slot) < Disposition.LetGo;
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
    if (((at - this.highest(slot)) | 0) < 0) {
      this.anomaly(slot, 'conflicting-fin');
      return;
    }
    words[base + FIN_AT + d] = at;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (FIN_SEEN << d);
    if (this.#table.state(slot) < State.Closing) this.#table.setState(slot, State.Closing);
  }

  /** Puts view.buffer[payloadStart, end) and `missing` octets behind it in their place. */
  #place(view: PacketView, slot: number, end: number, missing: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const next = words[base + NEXT + d] ?? 0;
    const offset = (sequence - next) | 0;
    const start = view.payloadStart;
    if (offset === 0 && missing === 0 && (words[base + HELD + d] ?? 0) === 0) {
      if (end > start) this.#deliver(slot, view.buffer, start, end);
      if (((words[base + FLAGS] ?? 0) & (FIN_SEEN << this.#table.direction)) !== 0) {
        this.#settle(slot);
      }
      return;
    }
    if (offset > 0) {
      this.#hold(view, slot, end, missing, sequence);
      return;
    }
    if (offset < 0) this.#repeated(view, slot, end, missing, sequence);
    if (this.#reads(slot)) this.#join(slot, view.buffer, start, end, missing, sequence);
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
    const chunk = (words[base + RECENT + d] ?? 0) - 1;
    if (pickedUp && ((sequence - (words[base + INITIAL + d] ?? 0)) | 0) < 0) {
      this.anomaly(slot, 'before-pickup');
    } else if (
      chunk !== -1 &&
      !this.#recent.agrees(chunk, next, view.buffer, start, end, sequence)
    ) {
      this.anomaly(slot, 'conflicting-overlap');
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
    while (from < end && this.#reads(slot)) {
      const at = base + this.#table.direction;
      const held = this.#lists[(words[at + HELD] ?? 0) - 1];
      const ahead =
        held === undefined || held.count === 0
          ? end - from
          : (held.firstSequence - (words[at + NEXT] ?? 0)) | 0;
      if (held === undefined || ahead > 0) {
        const piece = Math.min(ahead, end - from);
        from += piece;
        this.#deliver(slot, buffer, from - piece, from);
        continue;
      }
      const overlap = Math.min(held.firstLength + ahead, end - from);
      if (held.firstChunk === -1 && overlap > 0) {
        // What was not captured the first time.
        const rest = held.firstLength + ahead - overlap;
        held.shift();
        from += overlap;
        this.#deliver(slot, buffer, from - overlap, from);
        if (rest > 0 && this.#reads(slot)) this.#gap(slot, rest, 'snap');
        continue;
      }
      if (overlap > 0) {
        if (!held.firstAgrees(-ahead, buffer, from, overlap)) conflict = true;
        from += overlap;
      }
      this.#deliverFirst(slot, held);
    }
    if (conflict && this.#reads(slot)) this.anomaly(slot, 'conflicting-overlap');
    if (missing > 0) this.#missed(slot, upTo);
    if (this.#reads(slot)) this.#settle(slot);
  }

  /** What no held piece brings of the octets before `upTo` was not captured. */
  #missed(slot: number, upTo: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    while (this.#reads(slot)) {
      this.#drain(slot);
      if (!this.#reads(slot)) return;
      const at = base + this.#table.direction;
      const held = this.#lists[(words[at + HELD] ?? 0) - 1];
      const next = words[at + NEXT] ?? 0;
      let lost = (upTo - next) | 0;
      if (held !== undefined && held.count > 0) {
        lost = Math.min(lost, (held.firstSequence - next) | 0);
      }
      if (lost <= 0) return;
      this.#gap(slot, lost, 'snap');
    }
  }

  /** Keeps a segment that lies ahead; makes room, if there is none, by giving up holes. */
  #hold(view: PacketView, slot: number, end: number, missing: number, sequence: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const { buffer, payloadStart: start } = view;
    const behind = (sequence + (end - start)) | 0;
    this.#counters.outOfOrder++;
    let conflict = false;
    let held = this.#list(slot);
    held.arrivals++;
    for (;;) {
      const kept = held.insert(buffer, start, end, sequence);
      if (held.conflict) conflict = true;
      if (kept && (missing === 0 || held.insert(undefined, 0, missing, behind))) break;
      if (held.count > 0) {
        this.#skip(slot, 'memory');
      } else {
        const next = words[base + NEXT + this.#table.direction] ?? 0;
        this.#gap(slot, (sequence - next) | 0, 'memory');
      }
      if (!this.#reads(slot)) return;
      const next = words[base + NEXT + this.#table.direction] ?? 0;
      if (((sequence - next) | 0) <= 0) {
        this.#join(slot, buffer, start, end, missing, sequence);
        break;
      }
      held = this.#list(slot);
    }
    if (conflict && this.#reads(slot)) this.anomaly(slot, 'conflicting-overlap');
    if (this.#reads(slot)) this.#settle(slot);
  }

  /**
   * Nowhere near the stream: garbage, or the stream after more loss than SPAN. Believed when
   * nothing else comes.
   */
  #stray(view: PacketView, slot: number, offset: number): void {
    const words = this.#table.words;
    const at = slot * STRIDE + STRAYS + this.#table.direction;
    const strays = (words[at] ?? 0) + 1;
    words[at] = strays;
    this.anomaly(slot, 'out-of-window');
    if (strays < STRAYS_BELIEVED || offset < 0 || !this.#reads(slot)) return;
    while ((words[slot * STRIDE + HELD + this.#table.direction] ?? 0) !== 0) {
      this.#skip(slot, 'loss');
      if (!this.#reads(slot)) return;
    }
    const d = this.#table.direction;
    if (((words[slot * STRIDE + FLAGS] ?? 0) & (ENDED << d)) !== 0) return;
    const next = words[slot * STRIDE + NEXT + d] ?? 0;
    this.#gap(slot, (view.sequence - next) | 0, 'loss');
    if (this.#reads(slot)) this.segment(view, slot);
  }

  /** Gives up the hole in front. */
  #skip(slot: number, cause: GapCause): void {
    const words = this.#table.words;
    const at = slot * STRIDE + this.#table.direction;
    const held = this.#lists[(words[at + HELD] ?? 0) - 1];
    if (held === undefined) return;
    const upTo = held.count > 0 ? held.firstSequence : (words[at + FIN_AT] ?? 0);
    const lost = (upTo - (words[at + NEXT] ?? 0)) | 0;
    if (lost > 0) this.#gap(slot, lost, cause);
    if (this.#reads(slot)) this.#settle(slot);
  }

  /** Delivers what has become contiguous, and the end if it is reached. */
  #settle(slot: number): void {
    this.#drain(slot);
    if (!this.#reads(slot)) return;
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    const open = (flags & (FIN_SEEN << d)) !== 0 && (flags & (ENDED << d)) === 0;
    const reached = open && words[base + NEXT + d] === words[base + FIN_AT + d];
    const held = this.#lists[(words[base + HELD + d] ?? 0) - 1];
    if (held === undefined) {
      if (open && !reached) this.#list(slot); // waits for what precedes the FIN
    } else if (held.count === 0 && (!open || reached)) {
      this.#releaseList(slot, d);
    }
    if (!reached) return;
    words[base + FLAGS] = flags | (ENDED << d);
    if ((flags & (ENDED << (1 - d))) !== 0) this.#table.setState(slot, State.Finished);
    this.#listener.ended(slot, d, 'fin');
  }

  #drain(slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    let drained = false;
    for (;;) {
      const at = base + this.#table.direction;
      const held = this.#lists[(words[at + HELD] ?? 0) - 1];
      if (held === undefined) return;
      if (held.count === 0 || ((held.firstSequence - (words[at + NEXT] ?? 0)) | 0) > 0) {
        if (drained) this.#waitAnew(slot, held);
        return;
      }
      this.#deliverFirst(slot, held);
      drained = true;
      if (!this.#reads(slot)) return;
    }
  }

  /** Delivers what is new of the first piece held. */
  #deliverFirst(slot: number, held: HeldSegments): void {
    const at = slot * STRIDE + this.#table.direction;
    const passed = ((this.#table.words[at + NEXT] ?? 0) - held.firstSequence) | 0;
    const length = held.firstLength;
    const chunk = held.firstChunk;
    held.shift();
    if (chunk === -1) {
      if (length > passed) this.#gap(slot, length - passed, 'snap');
      return;
    }
    const offset = this.#pool.offset(chunk);
    if (length > passed) {
      this.#deliver(slot, this.#pool.slab(chunk), offset + passed, offset + length);
    }
    this.#pool.give(chunk);
  }

  #deliver(slot: number, buffer: Uint8Array, start: number, end: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const sequence = words[base + NEXT + d] ?? 0;
    words[base + NEXT + d] = (sequence + (end - start)) | 0;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (DELIVERED << d);
    if (this.#table.disposition(slot) === Disposition.Session) {
      let chunk = (words[base + RECENT + d] ?? 0) - 1;
      if (chunk === -1) {
        chunk = this.#recent.open(sequence);
        words[base + RECENT + d] = chunk + 1;
      }
      if (chunk !== -1) this.#recent.add(chunk, buffer, start, end, sequence);
    }
    this.#listener.data(slot, d, buffer, start, end);
  }

  #gap(slot: number, octets: number, cause: GapCause): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    words[base + NEXT + d] = ((words[base + NEXT + d] ?? 0) + octets) | 0;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | (DELIVERED << d);
    this.#forget(base, d);
    this.#counters.gaps++;
    this.#counters.gapOctets += octets;
    if (cause === 'memory') this.#counters.memoryGaps++;
    else if (cause === 'snap') this.#counters.snapGaps++;
    this.#listener.gap(slot, d, octets, cause);
  }

  /** The list of the current direction, made if there is none. */
  #list(slot: number): HeldSegments {
    const words = this.#table.words;
    const at = slot * STRIDE + HELD + this.#table.direction;
    const present = this.#lists[(words[at] ?? 0) - 1];
    if (present !== undefined) return present;
    let number = this.#spare.pop();
    if (number === undefined) {
      number = this.#lists.length;
      this.#lists.push(new HeldSegments(this.#pool, this.#pieces));
    }
    words[at] = number + 1;
    const held = this.#lists[number] ?? new HeldSegments(this.#pool, this.#pieces);
    this.#waitAnew(slot, held);
    return held;
  }

  #waitAnew(slot: number, held: HeldSegments): void {
    held.since[0] = this.#table.numbers[slot * NUMBERS + LAST_TIME] ?? 0;
    held.arrivals = 0;
    held.patience = 0;
  }

  #releaseList(slot: number, d: number): void {
    const words = this.#table.words;
    const at = slot * STRIDE + HELD + d;
    const number = (words[at] ?? 0) - 1;
    if (number === -1) return;
    this.#lists[number]?.clear();
    this.#spare.push(number);
    words[at] = 0;
  }

  #forget(base: number, d: number): void {
    const words = this.#table.words;
    const chunk = (words[base + RECENT + d] ?? 0) - 1;
    if (chunk === -1) return;
    this.#recent.close(chunk);
    words[base + RECENT + d] = 0;
  }
}
