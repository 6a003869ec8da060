/**
 * TCP flows that are read, on their way through a bridge.
 *
 * The engine is given each direction's octets in order, once, whole: what lies ahead of a hole is put aside and
 * neither read nor forwarded; what comes again goes on as it was forwarded first. Then what a receiver gets and
 * what a parser reads are the same octets, whatever a sender does. In-order packets go on at once when
 * everything in them is decided, else a copy is held; what is lost before us is not skipped, because the
 * receiver does not have it either.
 */
import type { Frame } from '../capture/frame.ts';
import { Decoded, PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import type { Limits } from '../limits.ts';
import { areNear, SPAN } from '../stream/span.ts';
import type { Judge } from '../verdict/judge.ts';
import { isIntact } from '../verdict/wire/checksum-field.ts';
import { Dressed, dress } from '../verdict/wire/dress.ts';
import { NONE } from '../verdict/wire/held-fragments.ts';
import { type HeldPacket, keepPacket } from '../verdict/wire/held-packet.ts';
import { Fate, type PacketOut, Side } from '../verdict/wire/packet-judge.ts';
import {
  MOST_RESET_OCTETS,
  sequenceBehind,
  sequenceForSender,
  writeReset,
} from '../verdict/wire/reset-frame.ts';
import { clearUrgent, cutPayload, setSequence } from '../verdict/wire/tcp-header.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeSettings } from './bridge-settings.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { ACKED, ACKNOWLEDGED, DELIVERED, DISPOSITION_MASK, DISPOSITION_SHIFT, FIN_AT } = slotOf;
const { FIN_SEEN, FLAGS, INITIAL, NEXT, ON_WIRE, REFUSED, STARTED, STATE_MASK, STRIDE } = slotOf;

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const URG = 32;
/** Octets that the largest packet needs of the memory of what is retained, twice. */
const ROOM = 1 << 17;

export interface BridgeParts {
  readonly engine: Engine;
  readonly out: PacketOut;
  readonly limits: Limits;
  readonly settings: BridgeSettings;
  readonly hand: PacketInHand;
  readonly flows: WireFlows;
  readonly counts: BridgeCounts;
  readonly defaults: () => Judge['defaults'];
}

export class BridgeTcp {
  /** Of the packet last seen (PacketJudge). */
  letGo = false;
  changed = false;
  kept = false;
  readonly #parts: BridgeParts;
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #reset = new Uint8Array(MOST_RESET_OCTETS);
  /** Packets that were aside are being taken up. */
  #isFollowing = false;
  /** A held packet on its way out. */
  readonly #leaving = new PacketView();

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
  }

  /** The packet in hand, decoded as TCP in the engine's view. */
  segment(): Fate {
    const { view, table, streams } = this.#engine;
    const hand = this.#hand;
    this.letGo = false;
    hand.isFixed = view.buffer !== hand.frame.buffer;
    // What opens or ends a connection is looked at before the table believes it; else only what is read.
    const speaksOfConnection = (view.flags & (SYN | RST | FIN)) !== 0;
    if (speaksOfConnection && this.#isDamaged()) return Fate.Forward;
    const slot = streams.locate(view);
    const flags = table.words[slot * STRIDE + FLAGS] ?? 0;
    if ((flags & REFUSED) !== 0) return this.#refused(slot);
    const disposition = (flags & DISPOSITION_MASK) >> DISPOSITION_SHIFT;
    if (disposition >= Disposition.LetGo && (flags & ON_WIRE) === 0) {
      streams.proceed(view, slot);
      this.letGo = true;
      return Fate.Forward;
    }
    if (!speaksOfConnection && this.#isDamaged()) {
      if (table.created) table.remove(slot);
      return Fate.Forward;
    }
    const d = table.direction;
    const isStarted = (flags & (STARTED << d)) !== 0;
    hand.slot = slot;
    hand.newFrom = isStarted ? (table.words[slot * STRIDE + NEXT + d] ?? 0) : view.sequence;
    if ((view.flags & SYN) !== 0) return this.#synchronise(slot);
    if ((view.flags & RST) !== 0) return this.#resetSeen(slot);
    const flow = this.#flows.get(slot);
    if (flow !== undefined && (view.flags & ACK) !== 0) this.#acknowledge(slot, flow);
    const speaks = view.payloadEnd > view.payloadStart || view.payloadMissing > 0;
    if ((flags & STATE_MASK) === State.Reset && (speaks || (view.flags & FIN) !== 0)) {
      this.#counts.droppedContradicting++;
      return Fate.Drop;
    }
    if (speaks || (view.flags & FIN) !== 0) return this.#octets(slot, flow);
    streams.proceed(view, slot);
    return this.#settle(slot, flow);
  }

  /** Packets held too long go on, or their connections are reset, as the policy's `overload` says. */
  releaseOverdue(now: number): void {
    this.#engine.view.time[0] = now;
    const due = now - this.#parts.settings.holdTime;
    for (const flow of this.#flows.waiting) {
      for (const wire of flow.both) {
        const first = wire.held[0];
        // Time also runs backwards, from one capture to the next.
        if (first !== undefined && (first.since <= due || first.since > now)) {
          this.#runOut(flow, wire, now);
        }
      }
    }
  }

  /** All that is held of a flow goes on; what is aside lacks what is before it. */
  releaseAll(flow: WireFlow): void {
    for (const wire of flow.both) this.#release(flow, wire, undefined);
  }

  #isDamaged(): boolean {
    if (!this.#parts.settings.checksums) return false;
    if (isIntact(this.#hand.frame, this.#engine.view)) return false;
    this.#counts.badChecksums++;
    return true;
  }

  /** A SYN goes on without octets: they come again, in order, once the connection stands (RFC 7413 §4.2). */
  #synchronise(slot: number): Fate {
    const { view, table, streams } = this.#engine;
    const hand = this.#hand;
    const flags = table.words[slot * STRIDE + FLAGS] ?? 0;
    const hasOctets = view.payloadEnd > view.payloadStart || view.payloadMissing > 0;
    const d = table.direction;
    const used = (flags & (DELIVERED | (DELIVERED << 1))) !== 0;
    const isAnother =
      (flags & (STARTED << d)) !== 0 && table.words[slot * STRIDE + INITIAL + d] !== view.sequence;
    // Octets of a second opening would be taken for the first one's.
    if (hasOctets && used && isAnother) {
      this.#counts.droppedContradicting++;
      return Fate.Drop;
    }
    const payloadEnd = view.payloadEnd;
    view.payloadEnd = view.payloadStart;
    view.payloadMissing = 0;
    streams.proceed(view, slot);
    if (this.#isRefused(slot)) return this.#cut(slot, undefined);
    if (!hasOctets) return Fate.Forward;
    this.#counts.normalised++;
    const end = hand.isFixed ? -1 : cutPayload(hand.frame, view, payloadEnd);
    if (end >= 0) this.#send(hand.side, hand.frame, end, -1);
    return Fate.Drop;
  }

  /** Believed where it is at the very place that its receiver expects (RFC 5961 §3.2); else only passed on. */
  #resetSeen(slot: number): Fate {
    const { view, table, streams } = this.#engine;
    const hand = this.#hand;
    const { words, direction } = table;
    const base = slot * STRIDE;
    const isStarted = ((words[base + FLAGS] ?? 0) & (STARTED << direction)) !== 0;
    if (isStarted && view.sequence !== words[base + NEXT + direction]) return Fate.Forward;
    streams.proceed(view, slot);
    const flow = this.#flows.get(slot);
    if (flow === undefined) return Fate.Forward;
    const wire = flow.of(view);
    // What is held was said by one who has gone: the receiver is at its beginning.
    if (wire.held.length > 0 && !hand.isFixed && !view.tunnelled) {
      setSequence(hand.frame, view, wire.forwarded);
      this.changed = true;
    }
    this.#flows.clearHeld(flow, wire);
    this.#flows.clearAside(wire);
    return Fate.Forward;
  }

  /** A segment with octets, or a FIN. */
  #octets(slot: number, flow: WireFlow | undefined): Fate {
    const { view, table, streams } = this.#engine;
    const { words, direction: d } = table;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    const isFin = (view.flags & FIN) !== 0;
    const { sequence } = view;
    const end = (sequence + view.payloadEnd - view.payloadStart + view.payloadMissing) | 0;
    const next = (flags & (STARTED << d)) !== 0 ? (words[base + NEXT + d] ?? 0) : sequence;
    const ended = (flags & (FIN_SEEN << d)) !== 0;
    if (ended && ((end - (words[base + FIN_AT + d] ?? 0)) | 0) > 0) return this.#contradicts(slot);
    const ahead = (sequence - next) | 0;
    const behind = (end - next) | 0;
    if (ahead > 0) return this.#ahead(slot, flow, ahead);
    if (behind < 0 || (behind === 0 && (!isFin || ended))) {
      if (ahead < -SPAN || (isFin && behind < 0)) return this.#contradicts(slot);
      return this.#again(slot, flow, end);
    }
    if (!this.#hasRoom(slot, flow, end - sequence)) return Fate.Drop;
    if (table.disposition(slot) >= Disposition.LetGo)
      return this.#settle(slot, this.#flows.get(slot));
    if ((view.flags & URG) !== 0 && !this.#hand.isFixed) {
      clearUrgent(this.#hand.frame, view);
      this.changed = true;
      this.#counts.normalised++;
    }
    if (flow !== undefined) this.#align(flow, flow.of(view), next);
    streams.proceed(view, slot);
    return this.#decide(slot, end);
  }

  /** The engine has the packet in hand, which was in order: forward or hold. */
  #decide(slot: number, end: number): Fate {
    const { view, table } = this.#engine;
    const hand = this.#hand;
    const known = this.#flows.get(slot);
    if (this.#isRefused(slot)) return this.#cut(slot, known);
    const disposition = table.disposition(slot);
    if (known === undefined && disposition >= Disposition.LetGo) {
      this.letGo = true;
      return Fate.Forward;
    }
    const flow = known ?? this.#flows.open(slot, view, hand.newFrom);
    const wire = flow.of(view);
    if (disposition >= Disposition.LetGo) {
      this.releaseAll(flow);
      return this.#letGoNow(flow, wire, this.#goOn(wire));
    }
    const d = table.direction;
    const open = this.#engine.openOctets(slot, d);
    const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
    const cleared = (next - open) | 0;
    this.#release(flow, wire, cleared);
    this.#releaseOther(slot, flow);
    if (this.#mustHold(flow, wire, disposition, open, cleared, end)) {
      const octets = hand.frame.end - hand.frame.start;
      const isFull =
        wire.held.length > 0 && wire.heldOctets + octets > this.#parts.settings.holdOctets;
      if (!isFull && this.#flows.heldOctets + octets <= this.#parts.limits.heldTotal) {
        return this.#hold(slot, flow, wire);
      }
      if (this.#parts.defaults()?.overload === 'drop' && disposition === Disposition.Session) {
        return this.#overload(slot, flow);
      }
      this.#giveWay(flow, wire, disposition);
    }
    // A refused unit goes on in IP fragments, in which it cannot be changed.
    if (this.#goOn(wire) === Fate.Drop) return this.#refuse(slot, flow);
    return this.#followUp(slot, flow, wire, Fate.Forward);
  }

  #mustHold(
    flow: WireFlow,
    wire: WireDirection,
    disposition: Disposition,
    open: number,
    cleared: number,
    end: number,
  ): boolean {
    if (wire.held.length > 0) return true;
    if (open === 0 || ((end - cleared) | 0) <= 0) return false;
    if (disposition === Disposition.Undecided && flow.impatient) return false;
    // Where the beginning has gone on, holding the rest back saves nothing.
    return ((cleared - wire.forwarded) | 0) >= 0;
  }

  #hold(slot: number, flow: WireFlow, wire: WireDirection): Fate {
    const { view } = this.#engine;
    const { frame, side, lead } = this.#hand;
    const since = frame.time[0] ?? 0;
    this.#flows.hold(flow, wire, keepPacket(frame, view, side, view.sequence, since, lead));
    this.#hand.lead = NONE;
    this.#counts.heldPackets++;
    this.kept = true;
    return this.#followUp(slot, flow, wire, Fate.Drop);
  }

  /** What is held goes on undecided. */
  #giveWay(flow: WireFlow, wire: WireDirection, disposition: Disposition): void {
    if (disposition === Disposition.Undecided) flow.impatient = true;
    this.#counts.releasedLate += wire.held.length;
    this.#release(flow, wire, undefined);
  }

  #runOut(flow: WireFlow, wire: WireDirection, now: number): void {
    const disposition = this.#engine.table.disposition(flow.slot);
    const isSession = disposition === Disposition.Session;
    if (!isSession || this.#parts.defaults()?.overload !== 'drop') {
      this.#giveWay(flow, wire, disposition);
      return;
    }
    const first = wire.held[0];
    if (first === undefined) return;
    this.#hand.slot = flow.slot;
    if (this.#take(first, now)) this.#overload(flow.slot, flow);
    else {
      // Nothing to make a RST from: the next packet of either side is answered with one.
      this.#markRefused(flow.slot);
      this.#flows.forget(flow);
    }
    this.#hand.slot = -1;
  }

  /** The policy: what cannot be decided in time does not pass. */
  #overload(slot: number, flow: WireFlow): Fate {
    const { table } = this.#engine;
    this.#engine.anomaly(slot, table.direction, 'held-too-long');
    return this.#refuse(slot, flow);
  }

  #refuse(slot: number, flow: WireFlow): Fate {
    this.#markRefused(slot);
    return this.#cut(slot, flow);
  }

  #markRefused(slot: number): void {
    const { words } = this.#engine.table;
    const at = slot * STRIDE + FLAGS;
    if (!this.#isRefused(slot)) this.#counts.refusedFlows++;
    words[at] = (words[at] ?? 0) | REFUSED;
  }

  /** Old octets: they go on as they were forwarded first. */
  #again(slot: number, flow: WireFlow | undefined, end: number): Fate {
    const { view, table, streams } = this.#engine;
    const wire = flow?.of(view);
    if (wire === undefined || flow === undefined || !wire.begun) {
      // Nothing was forwarded: a keep-alive repeats the octet of the SYN.
      const isKeepAlive = view.payloadEnd - view.payloadStart <= 1;
      if (!isKeepAlive) return this.#contradicts(slot);
      streams.proceed(view, slot);
      return this.#settle(slot, flow);
    }
    streams.proceed(view, slot);
    if (this.#isRefused(slot)) return this.#cut(slot, flow);
    if (((end - wire.forwarded) | 0) > 0) {
      this.#counts.droppedRetransmissions++;
      return Fate.Drop;
    }
    const before = this.changed;
    const fate = this.#goOn(wire);
    if (this.changed && !before) this.#counts.normalised++;
    return table.disposition(slot) >= Disposition.LetGo ? this.#letGoNow(flow, wire, fate) : fate;
  }

  /** Ahead of a hole: kept, unless what is missing passed us by. */
  #ahead(slot: number, known: WireFlow | undefined, ahead: number): Fate {
    const { view, table } = this.#engine;
    const { frame, side, isFixed } = this.#hand;
    const d = table.direction;
    if (table.disposition(slot) >= Disposition.LetGo) return Fate.Forward;
    const base = slot * STRIDE;
    const next = table.words[base + NEXT + d] ?? 0;
    const flow = known ?? this.#flows.open(slot, view, next);
    const wire = flow.of(view);
    this.#align(flow, wire, next);
    if (ahead > SPAN && !this.#isAcknowledged(slot, d, view.sequence)) {
      this.#counts.droppedOutOfOrder++;
      this.#engine.anomaly(slot, d, 'out-of-window');
      return Fate.Drop;
    }
    // A defragmented packet cannot be decoded a second time: its sender sends it again.
    if (isFixed) {
      this.#counts.droppedOutOfOrder++;
      return Fate.Drop;
    }
    const packet = keepPacket(frame, view, side, view.sequence, frame.time[0] ?? 0, NONE);
    const { limits } = this.#parts;
    const octets = packet.frame.buffer.length;
    const isKnown = wire.aside.some(
      ({ sequence, end, frame: { buffer } }) =>
        sequence === packet.sequence && end === packet.end && buffer.length === octets,
    );
    const isFull =
      wire.asideOctets + octets > limits.asidePerDirection ||
      this.#flows.asideOctets + octets > limits.asideTotal;
    if (isKnown || isFull) {
      if (isFull) this.#counts.droppedOutOfOrder++;
      return Fate.Drop;
    }
    this.#flows.putAside(wire, packet);
    this.#counts.keptAside++;
    this.kept = true;
    this.#skipPassedBy(slot, flow, wire, d);
    return this.#followUp(slot, flow, wire, Fate.Drop);
  }

  /** The receiver has octets that did not pass here: a bypass carried them, and they are not waited for. */
  #skipPassedBy(slot: number, flow: WireFlow, wire: WireDirection, d: 0 | 1): void {
    const { table, streams } = this.#engine;
    const { words } = table;
    const base = slot * STRIDE;
    let first: number | undefined;
    for (const { sequence } of wire.aside) {
      if (first === undefined || ((sequence - first) | 0) < 0) first = sequence;
    }
    const flags = words[base + FLAGS] ?? 0;
    if (first === undefined || (flags & (ACKED << d)) === 0) return;
    const next = words[base + NEXT + d] ?? 0;
    const acked = words[base + ACKNOWLEDGED + d] ?? 0;
    if (((acked - next) | 0) <= 0 || !areNear(acked, first)) return;
    const to = ((acked - first) | 0) < 0 ? acked : first;
    this.#release(flow, wire, undefined);
    this.#counts.passedBy += (to - next) | 0;
    streams.passedBy(slot, d, (to - next) | 0);
    wire.moveTo(to);
  }

  #isAcknowledged(slot: number, d: 0 | 1, sequence: number): boolean {
    const { words } = this.#engine.table;
    const base = slot * STRIDE;
    if (((words[base + FLAGS] ?? 0) & (ACKED << d)) === 0) return false;
    return areNear(words[base + ACKNOWLEDGED + d] ?? 0, sequence);
  }

  /** What the packet in hand acknowledges of the other direction need not be remembered. */
  #acknowledge(slot: number, flow: WireFlow): void {
    const { view, table } = this.#engine;
    const next = table.words[slot * STRIDE + NEXT + table.direction] ?? 0;
    const wire = flow.against(view);
    const beyond = (view.acknowledgement - wire.forwarded) | 0;
    // One more is a FIN.
    // Of a flow that is not read any more nobody knows how far it went on.
    const most = table.disposition(slot) >= Disposition.LetGo ? SPAN : 1;
    if (wire.begun && beyond <= most && beyond >= -SPAN && areNear(view.sequence, next)) {
      wire.acknowledge(beyond > 0 ? wire.forwarded : view.acknowledgement);
    }
  }

  /** Room to remember what goes on; where memory is used up, the flow is not read on. */
  #hasRoom(slot: number, flow: WireFlow | undefined, octets: number): boolean {
    const { memory } = this.#flows;
    const wire = flow?.of(this.#engine.view);
    if (
      wire !== undefined &&
      wire.retained.length + octets + wire.heldOctets > memory.perDirection
    ) {
      const { words, direction } = this.#engine.table;
      const isHeard = ((words[slot * STRIDE + FLAGS] ?? 0) & (ACKED << direction)) !== 0;
      if (isHeard) {
        this.#counts.droppedAhead++;
        return false;
      }
      // Only one direction passes here: nobody says what is still needed.
      wire.origin = wire.forwarded;
      wire.retained.restart(wire.forwarded);
    }
    if (memory.used + ROOM > memory.limit) {
      this.#counts.memoryRefused++;
      this.#engine.giveUp(slot, 'memory limit');
    }
    return true;
  }

  /** What was read is what was forwarded or is held: where the stream began anew, so does this. */
  #align(flow: WireFlow, wire: WireDirection, next: number): void {
    if (!wire.begun) wire.begin(next);
    else if (wire.read !== next) {
      this.#release(flow, wire, undefined);
      if (wire.forwarded !== next) wire.begin(next);
    }
  }

  /** The packet in hand goes on: now, dressed. */
  #goOn(wire: WireDirection): Fate {
    const { view } = this.#engine;
    const { frame, isFixed } = this.#hand;
    if (!wire.begun) wire.begin(view.sequence);
    const dressed = dress(wire, frame, view, view.sequence, isFixed);
    if (dressed === Dressed.Changed) this.changed = true;
    return dressed === Dressed.Impossible ? Fate.Drop : Fate.Forward;
  }

  /** Held packets go on whose octets all lie before `cleared`, or all of them. */
  #release(flow: WireFlow, wire: WireDirection, cleared: number | undefined): void {
    for (;;) {
      const first = wire.held[0];
      if (first === undefined) return;
      if (cleared !== undefined && ((first.end - cleared) | 0) > 0) return;
      this.#flows.takeHeld(flow, wire);
      const waited = this.#engine.now - first.since;
      if (waited > 0) this.#counts.holdMicroseconds += waited;
      this.#sendHeld(wire, first);
    }
  }

  #releaseOther(slot: number, flow: WireFlow): void {
    const { view, table } = this.#engine;
    const other = flow.against(view);
    if (other.held.length === 0) return;
    const d = table.direction === 0 ? 1 : 0;
    const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
    this.#release(flow, other, (next - this.#engine.openOctets(slot, d)) | 0);
  }

  #sendHeld(wire: WireDirection, held: HeldPacket): void {
    const { frame, side, sequence, end, segment, lead } = held;
    const view = this.#leaving;
    if (segment === undefined) {
      view.buffer = frame.buffer;
      view.payloadStart = view.payloadEnd = 0;
      view.payloadMissing = (end - sequence) | 0;
    } else Object.assign(view, segment);
    const dressed = dress(wire, frame, view, sequence, segment === undefined);
    if (dressed === Dressed.Impossible) {
      this.#counts.droppedContradicting++;
      return;
    }
    if (dressed === Dressed.Changed) this.#counts.rewritten++;
    for (const one of lead) this.#send(side, one, one.end, one.virtio);
    this.#send(side, frame, frame.end, frame.virtio);
  }

  /** After a packet without octets: what it changed is carried out. */
  #settle(slot: number, flow: WireFlow | undefined): Fate {
    if (this.#isRefused(slot)) return this.#cut(slot, flow);
    if (flow === undefined) {
      this.letGo = this.#engine.table.disposition(slot) >= Disposition.LetGo;
      return Fate.Forward;
    }
    const { view, table } = this.#engine;
    if (table.disposition(slot) >= Disposition.LetGo) {
      this.releaseAll(flow);
      return this.#letGoNow(flow, flow.of(view), this.#goOn(flow.of(view)));
    }
    // An acknowledgement may say that what is missing passed us by.
    const other = flow.against(view);
    if (other.aside.length > 0) {
      this.#skipPassedBy(slot, flow, other, table.direction === 0 ? 1 : 0);
      return this.#followUp(slot, flow, other, Fate.Forward);
    }
    return Fate.Forward;
  }

  /**
   * The flow is not read any more: what is aside goes on behind the packet in hand. Octets that were changed are
   * remembered until they are acknowledged.
   */
  #letGoNow(flow: WireFlow, wire: WireDirection, fate: Fate): Fate {
    let goes = fate;
    for (const one of flow.both) {
      const aside = one.aside.splice(0);
      this.#flows.clearAside(one);
      if (aside.length > 0 && goes === Fate.Forward && one === wire) goes = this.#sendInHand();
      for (const { frame, side } of aside) this.#send(side, frame, frame.end, frame.virtio);
    }
    if (flow.both.every((one) => one.changedUpTo === undefined && one.covers.length === 0)) {
      this.#flows.forget(flow);
      this.letGo = true;
    }
    return goes;
  }

  /** What was put aside follows the packet in hand, where it filled the hole. */
  #followUp(slot: number, flow: WireFlow, wire: WireDirection, fate: Fate): Fate {
    if (wire.aside.length === 0 || this.#isFollowing) return fate;
    this.#isFollowing = true;
    const { table } = this.#engine;
    const d = flow.towards(0, table) === wire ? 0 : 1;
    const hand = this.#hand;
    const { frame, side, isFixed } = hand;
    const { changed, kept } = this;
    let goes = fate;
    for (;;) {
      const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
      const packet = this.#flows.takeAside(wire, next);
      if (packet === undefined) break;
      if (goes === Fate.Forward) goes = this.#sendInHand();
      if (!this.#take(packet, this.#engine.now)) continue;
      hand.slot = slot;
      this.changed = false;
      if (this.segment() === Fate.Forward) this.#sendInHand();
      if (this.#flows.get(slot) !== flow) break; // cut, or let go
    }
    hand.frame = frame;
    hand.side = side;
    hand.isFixed = isFixed;
    this.changed = changed && goes === fate;
    this.kept = kept;
    this.#isFollowing = false;
    return goes;
  }

  /** A packet that was kept becomes the packet in hand; false where it cannot be decoded again. */
  #take(packet: HeldPacket, now: number): boolean {
    const hand = this.#hand;
    hand.frame = packet.frame;
    hand.side = packet.side;
    packet.frame.time[0] = now;
    hand.lead = NONE;
    return this.#engine.decodeAgain(packet.frame) === Decoded.Tcp;
  }

  #isRefused(slot: number): boolean {
    return ((this.#engine.table.words[slot * STRIDE + FLAGS] ?? 0) & REFUSED) !== 0;
  }

  /** The flow was just refused: both sides get a RST, and nothing of it goes on. */
  #cut(slot: number, flow: WireFlow | undefined): Fate {
    const { view, table } = this.#engine;
    const { side } = this.#hand;
    const behind = sequenceBehind(view);
    const wire = flow?.of(view);
    const back = flow?.against(view);
    const isOpening = (view.flags & (SYN | ACK)) === SYN;
    // Nobody else knows of a connection that is refused at its SYN.
    if (!isOpening) {
      const at = wire?.begun ? wire.forwarded : view.sequence;
      this.#sendReset(opposite(side), false, at, view.acknowledgement);
    }
    const expected = back?.begun ? back.forwarded : sequenceForSender(view);
    this.#sendReset(side, true, expected, behind);
    if (flow !== undefined) {
      for (const one of flow.both) this.#flows.clearHeld(flow, one);
      this.#flows.forget(flow);
    }
    table.setState(slot, State.Reset);
    this.#counts.droppedByVerdict++;
    return Fate.Drop;
  }

  /** A packet of a flow that was refused before: its sender has not heard the RST. */
  #refused(slot: number): Fate {
    const { view, table } = this.#engine;
    table.account(view, slot);
    this.#counts.droppedByVerdict++;
    if ((view.flags & RST) === 0) {
      this.#sendReset(this.#hand.side, true, sequenceForSender(view), sequenceBehind(view));
    }
    return Fate.Drop;
  }

  #sendReset(side: Side, toSender: boolean, sequence: number, acknowledgement: number): void {
    const { view } = this.#engine;
    const { frame } = this.#hand;
    const out = this.#reset;
    const length = writeReset(frame, view, toSender, sequence, acknowledgement, out);
    if (length === 0) return;
    this.#counts.resets++;
    this.#parts.out.send(side, out, 0, length, -1);
  }

  /** Not of the stream that is read. Without octets it is its receiver's matter; nothing is read of it. */
  #contradicts(slot: number): Fate {
    const { view, table } = this.#engine;
    table.account(view, slot);
    if (view.payloadEnd === view.payloadStart && view.payloadMissing === 0) return Fate.Forward;
    this.#counts.droppedContradicting++;
    return Fate.Drop;
  }

  /** The packet in hand goes now, before others that follow it. */
  #sendInHand(): Fate {
    const { frame, side } = this.#hand;
    this.sendLead();
    if (this.changed) this.#counts.rewritten++;
    this.#send(side, frame, frame.end, frame.virtio);
    return Fate.Drop;
  }

  /** The fragments of the packet in hand that came before it. */
  sendLead(): void {
    const { lead, side } = this.#hand;
    for (const frame of lead) this.#send(side, frame, frame.end, frame.virtio);
    this.#hand.lead = NONE;
  }

  #send(from: Side, frame: Frame, end: number, virtio: number): void {
    this.#counts.forwarded++;
    this.#parts.out.send(opposite(from), frame.buffer, frame.start, end, virtio);
  }
}

function opposite(side: Side): Side {
  return side === Side.A ? Side.B : Side.A;
}
