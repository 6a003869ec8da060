/**
 * TCP flows that are read, on their way through a bridge.
 *
 * The engine is given each direction's octets in order, once, whole: what lies ahead of a hole is put aside and
 * neither read nor forwarded; what comes again goes on as it was forwarded first. Then what a receiver gets and
 * what a parser reads are the same octets, whatever a sender does. In-order packets go on at once when
 * everything in them is decided, else a copy is held; what is lost before us is not skipped, because the
 * receiver does not have it either.
 */
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import { SPAN } from '../stream/span.ts';
import { isIntact } from '../verdict/wire/checksum-field.ts';
import { Fate } from '../verdict/wire/packet-judge.ts';
import { clearUrgent } from '../verdict/wire/tcp-header.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import { BridgeAside } from './bridge-aside.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import { BridgeCuts } from './bridge-cuts.ts';
import { BridgeHolding } from './bridge-holding.ts';
import { BridgeMemory } from './bridge-memory.ts';
import { BridgeOpening } from './bridge-opening.ts';
import type { BridgeParts } from './bridge-parts.ts';
import { BridgeSelective } from './bridge-selective.ts';
import type { BridgeSender } from './bridge-sender.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { DISPOSITION_MASK, DISPOSITION_SHIFT, FIN_AT, FIN_SEEN } = slotOf;
const { FLAGS, NEXT, ON_WIRE, REFUSED, STARTED, STATE_MASK, STRIDE, UNANSWERED } = slotOf;

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const URG = 32;

export class BridgeTcp {
  readonly holding: BridgeHolding;
  readonly #parts: BridgeParts;
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #sender: BridgeSender;
  readonly #cuts: BridgeCuts;
  readonly #opening: BridgeOpening;
  readonly #aside: BridgeAside;
  readonly #memory: BridgeMemory;
  readonly #selective: BridgeSelective;

  constructor(parts: BridgeParts, sender: BridgeSender) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
    this.#sender = sender;
    this.#memory = new BridgeMemory(parts);
    this.#cuts = new BridgeCuts(parts);
    this.#opening = new BridgeOpening(parts, sender, this.#cuts);
    this.holding = new BridgeHolding(parts, sender, this.#cuts);
    this.#selective = new BridgeSelective(parts);
    const again = () => this.segment();
    this.#aside = new BridgeAside(parts, sender, this.holding, this.#selective, again);
  }

  /** The packet in hand, decoded as TCP in the engine's view. */
  segment(): Fate {
    const { view, table, streams } = this.#engine;
    const hand = this.#hand;
    this.#hand.letGo = false;
    hand.isFixed = view.buffer !== hand.frame.buffer;
    // What opens or ends a connection is looked at before the table believes it; else only what is read.
    const speaksOfConnection = (view.flags & (SYN | RST | FIN)) !== 0;
    if (speaksOfConnection && this.#isDamaged()) return Fate.Forward;
    const slot = streams.locate(view);
    if (table.created) this.#selective.begin(slot);
    const flags = table.words[slot * STRIDE + FLAGS] ?? 0;
    if ((flags & REFUSED) !== 0) return this.#cuts.again(slot);
    const disposition = (flags & DISPOSITION_MASK) >> DISPOSITION_SHIFT;
    if (disposition >= Disposition.LetGo && (flags & ON_WIRE) === 0) {
      streams.proceed(view, slot);
      this.#hand.letGo = true;
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
    if ((view.flags & SYN) !== 0) this.#selective.synchronise(slot);
    if ((view.flags & SYN) !== 0) return this.#opening.synchronise(slot);
    if ((view.flags & RST) !== 0) return this.#opening.reset(slot);
    const flow = this.#flows.get(slot);
    if (flow !== undefined && (view.flags & ACK) !== 0) this.#memory.acknowledge(slot, flow);
    const speaks = view.payloadEnd > view.payloadStart || view.payloadMissing > 0;
    if ((flags & STATE_MASK) === State.Reset && (speaks || (view.flags & FIN) !== 0)) {
      // The RST was lost: who did not hear it does now.
      this.#counts.droppedContradicting++;
      this.#cuts.answer(slot);
      return Fate.Drop;
    }
    if ((flags & UNANSWERED) !== 0 && (speaks || (view.flags & FIN) !== 0)) {
      return this.#contradicts(slot);
    }
    if (speaks || (view.flags & FIN) !== 0) return this.#octets(slot, flow);
    streams.proceed(view, slot);
    return this.#settle(slot, flow);
  }

  /** Something was thrown over the packet in hand. */
  recover(): void {
    this.#aside.recover();
  }

  #isDamaged(): boolean {
    if (!this.#parts.settings.checksums) return false;
    if (isIntact(this.#hand.frame, this.#engine.view)) return false;
    this.#counts.badChecksums++;
    return true;
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
    const isUnread = table.disposition(slot) >= Disposition.LetGo;
    if (ahead > 0 && isUnread) return this.#unread(slot, flow);
    if (ahead > 0) return this.#aside.put(slot, flow, ahead);
    if (behind < 0 || (behind === 0 && (!isFin || ended))) {
      if (ahead < -SPAN || (isFin && behind < 0)) return this.#contradicts(slot);
      return this.#again(slot, flow, end);
    }
    if (!this.#memory.hasRoom(slot, flow, end - sequence)) return Fate.Drop;
    if (table.disposition(slot) >= Disposition.LetGo)
      return this.#unread(slot, this.#flows.get(slot));
    if ((view.flags & URG) !== 0 && !this.#hand.isFixed) {
      clearUrgent(this.#hand.frame, view);
      this.#hand.changed = true;
      this.#counts.normalised++;
    }
    if (isFin && !ended) this.#hand.raiseHops(view);
    if (flow !== undefined) this.holding.align(flow, flow.of(view), next);
    streams.proceed(view, slot);
    return this.#decide(slot, end);
  }

  /** New octets of a flow that is not read any more: what of it is still to be changed is. */
  #unread(slot: number, flow: WireFlow | undefined): Fate {
    const { view, streams } = this.#engine;
    streams.proceed(view, slot);
    return this.#settle(slot, flow);
  }

  /** The engine has the packet in hand, which was in order: forward or hold. */
  #decide(slot: number, end: number): Fate {
    const { view, table } = this.#engine;
    const hand = this.#hand;
    const known = this.#flows.get(slot);
    if (this.#cuts.isRefused(slot)) return this.#cuts.cut(slot, known);
    const disposition = table.disposition(slot);
    // What decided must arrive: what comes again with other octets is not looked at any more.
    if (disposition >= Disposition.LetGo) hand.raiseHops(view);
    if (known === undefined && disposition >= Disposition.LetGo) {
      this.#hand.letGo = true;
      return Fate.Forward;
    }
    const flow = known ?? this.#flows.open(slot, view, hand.newFrom);
    const wire = flow.of(view);
    if (disposition >= Disposition.LetGo) {
      this.holding.releaseAll(flow);
      return this.#letGoNow(flow, wire, this.#sender.goOn(wire));
    }
    const d = table.direction;
    const open = this.#engine.openOctets(slot, d);
    const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
    const cleared = (next - open) | 0;
    this.holding.release(flow, wire, cleared);
    this.holding.releaseOther(slot, flow);
    if (this.#cuts.isRefused(slot)) return this.#cuts.cut(slot, flow);
    if (this.holding.mustHold(flow, wire, disposition, open, cleared, end)) {
      const octets = hand.frame.end - hand.frame.start;
      const isFull =
        wire.held.length > 0 && wire.heldOctets + octets > this.#parts.settings.holdOctets;
      if (!isFull && this.#flows.heldOctets + octets <= this.#parts.limits.heldTotal) {
        this.holding.hold(flow, wire);
        return this.#aside.followUp(slot, flow, wire, Fate.Drop);
      }
      if (this.#parts.defaults()?.overload === 'drop' && disposition === Disposition.Session) {
        return this.holding.overload(slot, flow);
      }
      this.holding.giveWay(flow, wire, disposition, end);
    }
    // A refused unit goes on in IP fragments, in which it cannot be changed.
    if (this.#sender.goOn(wire) === Fate.Drop) return this.#cuts.refuse(slot, flow);
    return this.#aside.followUp(slot, flow, wire, Fate.Forward);
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
    if (this.#cuts.isRefused(slot)) return this.#cuts.cut(slot, flow);
    if (((end - wire.forwarded) | 0) > 0) {
      this.#counts.droppedRetransmissions++;
      return Fate.Drop;
    }
    const before = this.#hand.changed;
    const fate = this.#sender.goOn(wire);
    if (this.#hand.changed && !before) this.#counts.normalised++;
    return table.disposition(slot) >= Disposition.LetGo ? this.#letGoNow(flow, wire, fate) : fate;
  }

  /** After a packet without octets: what it changed is carried out. */
  #settle(slot: number, flow: WireFlow | undefined): Fate {
    if (this.#cuts.isRefused(slot)) return this.#cuts.cut(slot, flow);
    if (flow === undefined) {
      this.#hand.letGo = this.#engine.table.disposition(slot) >= Disposition.LetGo;
      return Fate.Forward;
    }
    const { view, table } = this.#engine;
    if (table.disposition(slot) >= Disposition.LetGo) {
      this.holding.releaseAll(flow);
      return this.#letGoNow(flow, flow.of(view), this.#sender.goOn(flow.of(view)));
    }
    // An acknowledgement may say that what is missing passed us by.
    const other = flow.against(view);
    if (other.aside.length > 0) {
      this.#aside.skipPassedBy(slot, flow, other, table.direction === 0 ? 1 : 0);
      return this.#aside.followUp(slot, flow, other, Fate.Forward);
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
      if (aside.length > 0 && goes === Fate.Forward && one === wire)
        goes = this.#sender.sendInHand();
      for (const packet of aside) this.#sender.sendAside(one, packet);
    }
    if (flow.both.every((one) => one.changedUpTo === undefined && one.covers.length === 0)) {
      this.#flows.forget(flow);
      this.#hand.letGo = true;
    }
    return goes;
  }

  /** Not of the stream that is read. Without octets it is its receiver's matter; nothing is read of it. */
  #contradicts(slot: number): Fate {
    const { view, table } = this.#engine;
    table.account(view, slot);
    if (view.payloadEnd === view.payloadStart && view.payloadMissing === 0) return Fate.Forward;
    this.#counts.droppedContradicting++;
    return Fate.Drop;
  }
}
