/**
 * The TCP connection around the streams: handshake, acknowledgements, resets (RFC 9293), for flows
 * that are read.
 *
 * A SYN that contradicts the connection is remembered, and believed only once the other side
 * answers it or its sender goes on from it: anybody can send a SYN.
 */
import type { PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { EndCause, StreamListener } from './listener.ts';
import type { Reassembly } from './reassembly.ts';
import { SPAN } from './span.ts';

const { ACKED, ACKNOWLEDGED, DELIVERED, ENDED, FLAGS, HELD, INITIAL, MIDSTREAM, NEXT } = slotOf;
const { ORIENTED, PENDING, PENDING_INITIAL, PENDING_TO_CLIENT, PICKED_UP } = slotOf;
const { RESET_TO_CLIENT, STARTED, STRIDE, SYN_DATA } = slotOf;

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
/** Least window a RST may lie in: the window scale is not known. Octets. */
const WINDOW = 65535;

export class Connection {
  readonly #table: FlowTable;
  readonly #reassembly: Reassembly;
  readonly #listener: StreamListener;

  constructor(table: FlowTable, reassembly: Reassembly, listener: StreamListener) {
    this.#table = table;
    this.#reassembly = reassembly;
    this.#listener = listener;
  }

  /** A segment of a flow that is read. */
  segment(view: PacketView, slot: number): void {
    const table = this.#table;
    const base = slot * STRIDE;
    const words = table.words;
    const flags = view.flags;
    const state = table.state(slot);
    if (state === State.Reset) return; // stragglers
    if ((flags & (SYN | RST)) !== 0) {
      if ((flags & RST) !== 0) {
        this.#reset(view, slot);
        return;
      }
      this.#synchronise(view, slot);
    } else if (state === State.Opening) {
      table.setState(slot, State.Established);
    }
    if ((flags & ACK) !== 0)
      this.#reassembly.acknowledge(slot, view.acknowledgement, view.sequence);
    const isFirstSyn = (flags & (SYN | ACK)) === SYN;
    if (!isFirstSyn && ((words[base + FLAGS] ?? 0) & SYN_DATA) !== 0) this.#settleSyn(view, slot);
    if (view.payloadEnd > view.payloadStart || view.payloadMissing > 0 || (flags & FIN) !== 0) {
      if (isFirstSyn && table.state(slot) === State.Opening) this.#keepSyn(view, slot);
      else if (!isFirstSyn) this.#reassembly.segment(view, slot);
    }
    if (((words[base + HELD] ?? 0) | (words[base + HELD + 1] ?? 0)) !== 0) this.#wait(view, slot);
  }

  /** The stream of the current direction begins behind this SYN. */
  begin(slot: number, initial: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    words[base + INITIAL + d] = initial;
    words[base + NEXT + d] = (initial + 1) | 0;
    words[base + FLAGS] = ((words[base + FLAGS] ?? 0) & ~(PICKED_UP << d)) | (STARTED << d);
  }

  #synchronise(view: PacketView, slot: number): void {
    const table = this.#table;
    const words = table.words;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const d = table.direction;
    if ((flags & (STARTED << d)) === 0) this.begin(slot, view.sequence);
    else if ((flags & (PICKED_UP << d)) !== 0) this.#late(view, slot);
    else if (words[base + INITIAL + d] !== view.sequence) this.#contradict(view, slot);
    if ((view.flags & ACK) === 0) {
      if ((flags & ORIENTED) === 0) this.#orient(slot);
      return;
    }
    // What the SYN-ACK acknowledges is the SYN that this server answers.
    const other = 1 - table.direction;
    const now = words[base + FLAGS] ?? 0;
    const initial = (view.acknowledgement - 1) | 0;
    if ((now & (STARTED << other)) === 0) {
      this.#beginOther(slot, initial);
    } else if ((now & ((DELIVERED | PICKED_UP) << other)) === 0) {
      const taken = (initial - (words[base + INITIAL + other] ?? 0)) | 0;
      if (taken === 0 || ((now & SYN_DATA) !== 0 && taken > 0 && taken <= WINDOW)) return;
      // Whose own SYN passed here believes no other number (RFC 9293 §3.10.7.3): octets would pass unread below it.
      const isKnown = other === 1 || (now & ORIENTED) !== 0;
      if (isKnown) this.#reassembly.anomaly(slot, 'conflicting-syn');
      else this.#beginOther(slot, initial);
    }
  }

  #beginOther(slot: number, initial: number): void {
    this.#turn();
    this.begin(slot, initial);
    this.#turn();
  }

  /** A SYN after what it opens: the capture was reordered. */
  #late(view: PacketView, slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    if (((view.sequence + 1) | 0) !== words[base + INITIAL + d]) {
      this.#contradict(view, slot);
      return;
    }
    const flags = (words[base + FLAGS] ?? 0) & ~(PICKED_UP << d);
    words[base + INITIAL + d] = view.sequence;
    const none = (flags & (PICKED_UP | (PICKED_UP << 1))) === 0;
    words[base + FLAGS] = none ? flags & ~MIDSTREAM : flags;
  }

  /** The sender of a SYN without ACK is the client; too late where octets were delivered. */
  #orient(slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const delivered = (words[base + FLAGS] ?? 0) & (DELIVERED | (DELIVERED << 1));
    if (this.#table.direction === 1 && delivered === 0) this.#table.swap(slot);
    if (this.#table.direction === 0) words[base + FLAGS] = (words[base + FLAGS] ?? 0) | ORIENTED;
  }

  #contradict(view: PacketView, slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    words[base + PENDING_INITIAL] = view.sequence;
    const flags = (words[base + FLAGS] ?? 0) & ~PENDING_TO_CLIENT;
    words[base + FLAGS] = flags | PENDING | (this.#table.direction === 1 ? PENDING_TO_CLIENT : 0);
    this.#reassembly.anomaly(slot, 'conflicting-syn');
  }

  #keepSyn(view: PacketView, slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    if (words[base + INITIAL + this.#table.direction] !== view.sequence) return;
    if (((words[base + FLAGS] ?? 0) & ORIENTED) === 0) return;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) | SYN_DATA;
    this.#reassembly.keep(view, slot);
  }

  /** RFC 7413 §4.2: a server that does not take the SYN's octets acknowledges only the SYN. */
  #settleSyn(view: PacketView, slot: number): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    words[base + FLAGS] = (words[base + FLAGS] ?? 0) & ~SYN_DATA;
    const isAnswer = this.#table.direction === 1 && (view.flags & SYN) !== 0;
    const turned = this.#table.direction === 1;
    if (turned) this.#turn();
    if (isAnswer && words[base + NEXT] === view.acknowledgement) this.#reassembly.dropKept(slot);
    else this.#reassembly.deliverKept(slot);
    if (turned) this.#turn();
  }

  /** Both directions in turn: a packet of either may be what ends the wait. */
  #wait(view: PacketView, slot: number): void {
    const now = view.time[0] ?? 0;
    if (((this.#table.words[slot * STRIDE + FLAGS] ?? 0) & SYN_DATA) !== 0) return;
    this.#reassembly.reconsider(slot, now);
    this.#turn();
    this.#reassembly.reconsider(slot, now);
    this.#turn();
  }

  /**
   * RFC 9293 §3.5.3 and RFC 5961 §3. A reset that is believed wrongly does no lasting harm: the
   * sender's next octets open the flow again (Streams).
   */
  #reset(view: PacketView, slot: number): void {
    if (this.#table.state(slot) === State.Finished) return;
    if (!this.#isValidReset(view, slot)) {
      this.#reassembly.anomaly(slot, 'reset-out-of-window');
      return;
    }
    const words = this.#table.words;
    const base = slot * STRIDE;
    this.#table.setState(slot, State.Reset);
    if (this.#table.direction === 1)
      words[base + FLAGS] = (words[base + FLAGS] ?? 0) | RESET_TO_CLIENT;
    this.end(slot, 'reset');
    this.#turn();
    this.end(slot, 'reset');
    this.#turn();
  }

  /** The current direction ends, if it has not. */
  end(slot: number, cause: EndCause): void {
    const words = this.#table.words;
    const base = slot * STRIDE;
    if (this.#table.disposition(slot) >= Disposition.LetGo) return;
    if (((words[base + FLAGS] ?? 0) & (ENDED << this.#table.direction)) !== 0) return;
    this.#reassembly.flush(slot);
    const d = this.#table.direction;
    const flags = words[base + FLAGS] ?? 0;
    if (this.#table.disposition(slot) >= Disposition.LetGo || (flags & (ENDED << d)) !== 0) return;
    words[base + FLAGS] = flags | (ENDED << d);
    this.#listener.ended(slot, d, cause);
  }

  #isValidReset(view: PacketView, slot: number): boolean {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const d = this.#table.direction;
    const other = 1 - d;
    const flags = words[base + FLAGS] ?? 0;
    const acked = (flags & (ACKED << d)) !== 0;
    const expected = words[base + ACKNOWLEDGED + d] ?? 0;
    if ((flags & (STARTED << d)) !== 0) {
      const window = Math.max(view.window, WINDOW);
      const ahead = (view.sequence - (words[base + NEXT + d] ?? 0)) | 0;
      if (ahead < 0) return false;
      if (ahead <= window || view.sequence === this.#reassembly.highest(slot)) return true;
      return acked && ahead <= SPAN && view.sequence === expected;
    }
    if (acked) {
      const ahead = (view.sequence - expected) | 0;
      return ahead >= 0 && ahead <= WINDOW;
    }
    // The answer to a SYN: sequence 0, and the SYN acknowledged.
    if ((flags & (STARTED << other)) !== 0 && (view.flags & ACK) !== 0) {
      const behind = (view.acknowledgement - (words[base + INITIAL + other] ?? 0)) | 0;
      const ahead = (view.acknowledgement - (words[base + NEXT + other] ?? 0)) | 0;
      return behind > 0 && ahead <= WINDOW;
    }
    return true;
  }

  #turn(): void {
    this.#table.direction = this.#table.direction === 0 ? 1 : 0;
  }
}
