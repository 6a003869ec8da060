/**
 * Packets in, streams out: finds the flow, keeps its ledger, and for flows that are read puts TCP
 * in order and hands on UDP datagram by datagram.
 *
 * A flow that is let go or opaque takes the short path: table, ledger, and the SYN, FIN and RST
 * that tell when it ends. The listener hears `opened` and `closed` of every flow, `ended` only of
 * flows that are read.
 */
import type { PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { FlowOwner, FlowTable } from '../flow/table.ts';
import type { Limits } from '../limits.ts';
import { Connection } from './connection.ts';
import { type StreamCounters, streamCounters } from './counters.ts';
import type { EndCause, FlowDirection, StreamListener } from './listener.ts';
import { Reassembly } from './reassembly.ts';
import { SPAN } from './span.ts';

const { AFTER_REFUSED, DELIVERED, FIN_SEEN, FLAGS, HELD, INITIAL, LAST_TIME, LEAVING } = slotOf;
const { MIDSTREAM, NEXT, NUMBERS, ORIENTED, PENDING, PENDING_INITIAL, PENDING_TO_CLIENT } = slotOf;
const { PICKED_UP, REFUSED, RESET_TO_CLIENT, STATE_MASK, STRIDE, UNANSWERED } = slotOf;

const TCP = 6;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
/** Octets on their way when a connection is reset stop coming after this, microseconds. */
const IN_FLIGHT = 2e6;

export class Streams implements FlowOwner {
  readonly counters: StreamCounters = streamCounters();
  /**
   * The packets are carried by whoever feeds us: nothing goes on after a RST that was believed, and a second
   * SYN is believed only when its receiver answers it: also where the connection seems to be over (UNANSWERED).
   */
  strict = false;
  readonly #table: FlowTable;
  readonly #listener: StreamListener;
  readonly #reassembly: Reassembly;
  readonly #connection: Connection;

  constructor(table: FlowTable, limits: Limits, listener: StreamListener) {
    this.#table = table;
    this.#listener = listener;
    this.#reassembly = new Reassembly(table, limits, listener, this.counters);
    this.#connection = new Connection(table, this.#reassembly, listener);
    table.attach(this);
  }

  /** Octets of chunks in use for segments held and octets remembered. */
  get heldOctets(): number {
    return this.#reassembly.heldOctets;
  }

  /** One decoded TCP or UDP packet. */
  packet(view: PacketView): void {
    if (view.badChecksum) this.counters.badChecksums++;
    else this.proceed(view, this.locate(view));
  }

  /** The packet's flow: the slot to `proceed` with. */
  locate(view: PacketView): number {
    const table = this.#table;
    let slot = table.lookup(view);
    const isTcp = view.transport === TCP;
    if (isTcp && !table.created) {
      const flags = table.words[slot * STRIDE + FLAGS] ?? 0;
      const state = flags & STATE_MASK;
      if (
        (view.flags & SYN) !== 0 ||
        (flags & PENDING) !== 0 ||
        state === State.Finished ||
        state === State.Reset
      ) {
        slot = this.#renew(view, slot);
      }
    }
    return slot;
  }

  /** One packet of the flow that `locate` just found. */
  proceed(view: PacketView, slot: number): void {
    const table = this.#table;
    const isTcp = view.transport === TCP;
    table.account(view, slot);
    if (table.created) this.#listener.opened(slot);
    const isRead = table.disposition(slot) < Disposition.LetGo;
    if (isTcp) {
      if (isRead) this.#connection.segment(view, slot);
      else this.#followEnd(view.flags, slot);
    } else if (isRead) {
      this.#datagram(view, slot);
    }
  }

  /** The next `octets` of a direction went another way than past us: they will not come. */
  passedBy(slot: number, direction: FlowDirection, octets: number): void {
    const now = this.#table.direction;
    this.#table.direction = direction;
    this.#reassembly.giveUp(slot, octets);
    this.#table.direction = now;
  }

  /** The capture ends: every flow ends and closes. */
  finish(): void {
    for (let slot = 0; slot < this.#table.slots; slot++) {
      if (this.#table.inUse(slot)) this.#conclude(slot, 'capture-end');
    }
    this.#table.clear();
  }

  /** FlowOwner: for the table. */
  leaving(slot: number, cause: 'timeout' | 'evicted'): void {
    this.#conclude(slot, cause);
  }

  /** FlowOwner: for the table. */
  released(slot: number): void {
    this.#reassembly.release(slot);
  }

  #datagram(view: PacketView, slot: number): void {
    const { direction } = this.#table;
    const { buffer, payloadStart, payloadEnd } = view;
    if (payloadEnd > payloadStart) {
      this.#listener.data(slot, direction, buffer, payloadStart, payloadEnd);
    }
    if (view.payloadMissing === 0 || this.#table.disposition(slot) >= Disposition.LetGo) return;
    this.counters.gaps++;
    this.counters.snapGaps++;
    this.counters.gapOctets += view.payloadMissing;
    this.#listener.gap(slot, this.#table.direction, view.payloadMissing, 'snap');
  }

  /** The short path: only whether the flow ends. */
  #followEnd(tcpFlags: number, slot: number): void {
    const table = this.#table;
    if ((tcpFlags & (SYN | RST | FIN)) === 0) {
      if (table.state(slot) === State.Opening) table.setState(slot, State.Established);
      return;
    }
    if (table.state(slot) >= State.Finished) return;
    const at = slot * STRIDE + FLAGS;
    const d = table.direction;
    const flags = table.words[at] ?? 0;
    if ((tcpFlags & RST) !== 0) {
      table.words[at] = d === 1 ? flags | RESET_TO_CLIENT : flags;
      table.setState(slot, State.Reset);
    } else if ((tcpFlags & FIN) !== 0) {
      table.words[at] = flags | (FIN_SEEN << d);
      const both = (flags & (FIN_SEEN << (1 - d))) !== 0;
      table.setState(slot, both ? State.Finished : State.Closing);
    }
  }

  /** Whether the packet belongs to another connection of the same ports: the slot to use. */
  #renew(view: PacketView, slot: number): number {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const state = flags & STATE_MASK;
    const d = this.#table.direction;
    if ((flags & PENDING) !== 0 && this.#answersPending(view, slot)) {
      return this.#believePending(view, slot);
    }
    if ((view.flags & (SYN | RST)) === SYN) {
      const isFirst = (view.flags & ACK) === 0;
      if (this.strict) return isFirst ? this.#synchroniseStrictly(view, slot) : slot;
      if (isFirst && words[base + INITIAL + d] === view.sequence) return slot;
      if (state >= State.Closing) {
        const answered = (view.acknowledgement - 1 - (words[base + INITIAL + 1 - d] ?? 0)) | 0;
        if (isFirst || answered !== 0) return this.#reuse(view, slot);
      } else if (isFirst && this.#table.disposition(slot) >= Disposition.LetGo) {
        return this.#reuse(view, slot);
      }
      return slot;
    }
    // A connection that goes on was not reset: its receiver did not believe the RST.
    if (!this.strict && state === State.Reset && (view.flags & RST) === 0) {
      const sender = (flags & RESET_TO_CLIENT) !== 0 ? 1 : 0;
      const since = (view.time[0] ?? 0) - (this.#table.numbers[slot * NUMBERS + LAST_TIME] ?? 0);
      const isNew = ((view.sequence - (words[base + NEXT + d] ?? 0)) | 0) >= 0;
      const speaks = view.payloadEnd > view.payloadStart;
      // Its acknowledgement of what was sent after the RST is a sign of life, too.
      const beyond = (view.acknowledgement - (words[base + NEXT + 1 - d] ?? 0)) | 0;
      const listens = d === sender && (view.flags & ACK) !== 0 && beyond > 0 && beyond <= SPAN;
      if (isNew && (listens || (speaks && (d === sender || since > IN_FLIGHT)))) {
        this.#close(slot, 'reset');
        const renewed = this.#table.lookup(view);
        // Its hosts go on all the same, and so do the resets.
        words[renewed * STRIDE + FLAGS] =
          (words[renewed * STRIDE + FLAGS] ?? 0) | (flags & REFUSED);
        return renewed;
      }
    }
    return slot;
  }

  /** Whether the packet goes on from the SYN that contradicted its flow, or answers it. */
  #answersPending(view: PacketView, slot: number): boolean {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const next = ((words[base + PENDING_INITIAL] ?? 0) + 1) | 0;
    const sender = (flags & PENDING_TO_CLIENT) !== 0 ? 1 : 0;
    if ((view.flags & RST) !== 0) return false;
    if (this.#table.direction === sender) {
      if (this.strict) return false;
      return (
        (view.flags & SYN) === 0 && view.sequence === next && words[base + NEXT + sender] !== next
      );
    }
    // A stream that was there before may have come so far.
    const isAnswer = (view.flags & ACK) !== 0 && view.acknowledgement === next;
    return isAnswer && (!this.strict || (view.flags & SYN) !== 0);
  }

  #believePending(view: PacketView, slot: number): number {
    const words = this.#table.words;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const initial = words[base + PENDING_INITIAL] ?? 0;
    const bySource = this.#table.direction === ((flags & PENDING_TO_CLIENT) !== 0 ? 1 : 0);
    words[base + FLAGS] = flags & ~PENDING;
    const used = flags & (DELIVERED | (DELIVERED << 1) | PICKED_UP | (PICKED_UP << 1));
    const held = (words[base + HELD] ?? 0) | (words[base + HELD + 1] ?? 0);
    const isRead = this.#table.disposition(slot) < Disposition.LetGo;
    if (used === 0 && held === 0 && isRead) {
      this.#begin(slot, initial, bySource);
      return slot;
    }
    const isAnswer = (view.flags & SYN) !== 0;
    const renewed = this.#reuse(view, slot);
    // The sender of the SYN is the client, whatever the first packet of the new flow looked like.
    if (this.#table.direction !== (bySource ? 0 : 1)) this.#table.swap(renewed);
    const at = renewed * STRIDE + FLAGS;
    this.#table.words[at] = ((this.#table.words[at] ?? 0) & ~MIDSTREAM) | ORIENTED;
    if (!isAnswer) this.#table.setState(renewed, State.Established);
    this.#begin(renewed, initial, bySource);
    return renewed;
  }

  /** The stream from the packet's source, or to it, begins behind `initial`. */
  #begin(slot: number, initial: number, bySource: boolean): void {
    const direction = this.#table.direction;
    if (!bySource) this.#table.direction = direction === 0 ? 1 : 0;
    this.#connection.begin(slot, initial);
    this.#table.direction = direction;
  }

  /**
   * Anybody can send a SYN, and what ended the connection may never have arrived (a hop limit that was too low):
   * as long as one of its ends may live, the SYN waits for its answer. What is over makes room at once, and its
   * ports are believed when they are answered. Where only one direction passes here nobody could answer.
   */
  #synchroniseStrictly(view: PacketView, slot: number): number {
    const table = this.#table;
    const { words, direction } = table;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const state = flags & STATE_MASK;
    const isUnread = table.disposition(slot) >= Disposition.LetGo;
    if (words[base + INITIAL + direction] === view.sequence && !isUnread) return slot;
    const isOver = state === State.Finished || state === State.Reset;
    if (!isOver && !isUnread && state !== State.Closing) return slot; // Connection knows what to think of it
    const wasHeard = table.packets(slot, 0) > 0 && table.packets(slot, 1) > 0;
    const isRefused = (flags & REFUSED) !== 0;
    if (!wasHeard || (isOver && isUnread && !isRefused)) return this.#reuse(view, slot);
    if (!isOver && !isRefused) {
      words[base + PENDING_INITIAL] = view.sequence;
      const others = flags & ~PENDING_TO_CLIENT;
      words[base + FLAGS] = others | PENDING | (direction === 1 ? PENDING_TO_CLIENT : 0);
      return slot;
    }
    const renewed = this.#reuse(view, slot);
    const at = renewed * STRIDE + FLAGS;
    const mark = isRefused || (flags & AFTER_REFUSED) !== 0 ? AFTER_REFUSED : 0;
    table.words[at] = (table.words[at] ?? 0) | UNANSWERED | mark;
    return renewed;
  }

  #reuse(view: PacketView, slot: number): number {
    this.#close(slot, 'reused');
    return this.#table.lookup(view);
  }

  #close(slot: number, cause: EndCause): void {
    this.#conclude(slot, cause);
    this.#table.remove(slot);
  }

  /** Last words: what is held, the end of both directions, and the close. */
  #conclude(slot: number, cause: EndCause): void {
    const table = this.#table;
    const at = slot * STRIDE + FLAGS;
    if (((table.words[at] ?? 0) & LEAVING) !== 0) return;
    table.words[at] = (table.words[at] ?? 0) | LEAVING;
    let final = cause;
    if (cause !== 'reused') {
      if (table.state(slot) === State.Finished) final = 'fin';
      else if (table.state(slot) === State.Reset) final = 'reset';
    }
    table.direction = 0;
    this.#connection.end(slot, final);
    table.direction = 1;
    this.#connection.end(slot, final);
    this.#reassembly.release(slot);
    this.#listener.closed(slot, final);
  }
}
