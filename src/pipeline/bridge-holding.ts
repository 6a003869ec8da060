/**
 * Packets that are held until what they carry is decided: in order, read, a copy of each. They go on when they
 * are decided, when there is no more room or time, or never: what is refused meanwhile is changed as it leaves.
 */
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { NONE } from '../verdict/wire/held-fragments.ts';
import { keepPacket } from '../verdict/wire/held-packet.ts';
import type { Fate } from '../verdict/wire/packet-judge.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeCuts } from './bridge-cuts.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { BridgeSender } from './bridge-sender.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { NEXT, STRIDE } = slotOf;

export class BridgeHolding {
  readonly #parts: BridgeParts;
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #sender: BridgeSender;
  readonly #cuts: BridgeCuts;

  constructor(parts: BridgeParts, sender: BridgeSender, cuts: BridgeCuts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
    this.#sender = sender;
    this.#cuts = cuts;
  }

  mustHold(
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

  hold(flow: WireFlow, wire: WireDirection): void {
    const { view } = this.#engine;
    const { frame, side, lead } = this.#hand;
    const since = frame.time[0] ?? 0;
    this.#hand.raiseHops(view);
    this.#flows.hold(flow, wire, keepPacket(frame, view, side, view.sequence, since, lead));
    this.#hand.lead = NONE;
    this.#counts.heldPackets++;
    this.#hand.kept = true;
  }

  /** Packets held too long go on, or their connections are reset, as the policy's `overload` says. */
  releaseOverdue(now: number): void {
    this.#engine.view.time[0] = now;
    const { holdTime } = this.#parts.settings;
    for (const flow of this.#flows.waiting) {
      for (const wire of flow.both) {
        const first = wire.held[0];
        if (first === undefined) continue;
        const waited = now - first.since;
        // A packet's clock may be a little ahead of who calls; far ahead, a clock was set, or a capture ended.
        if (waited >= holdTime || waited < -holdTime) this.#runOut(flow, wire, now);
      }
    }
  }

  /** All that is held of a flow goes on; what is aside lacks what is before it. */
  releaseAll(flow: WireFlow): void {
    for (const wire of flow.both) this.release(flow, wire, undefined);
  }

  /** Held packets go on whose octets all lie before `cleared`, or all of them. */
  release(flow: WireFlow, wire: WireDirection, cleared: number | undefined): void {
    for (;;) {
      const first = wire.held[0];
      if (first === undefined) return;
      if (cleared !== undefined && ((first.end - cleared) | 0) > 0) return;
      this.#flows.takeHeld(flow, wire);
      const waited = this.#engine.now - first.since;
      if (waited > 0) this.#counts.holdMicroseconds += waited;
      if (this.#sender.sendHeld(wire, first)) continue;
      // A refused unit in IP fragments: what its receiver lacks never comes, so both sides are told.
      this.#cuts.markRefused(flow.slot);
      this.#flows.clearHeld(flow, wire);
    }
  }

  releaseOther(slot: number, flow: WireFlow): void {
    const { view, table } = this.#engine;
    const other = flow.against(view);
    if (other.held.length === 0) return;
    const d = table.direction === 0 ? 1 : 0;
    const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
    this.release(flow, other, (next - this.#engine.openOctets(slot, d)) | 0);
  }

  /** What is held goes on undecided. */
  giveWay(flow: WireFlow, wire: WireDirection, disposition: Disposition, end: number): void {
    wire.late = { start: wire.forwarded, end };
    if (disposition === Disposition.Undecided) flow.impatient = true;
    this.#counts.releasedLate += wire.held.length;
    this.release(flow, wire, undefined);
  }

  #runOut(flow: WireFlow, wire: WireDirection, now: number): void {
    const disposition = this.#engine.table.disposition(flow.slot);
    const isSession = disposition === Disposition.Session;
    if (!isSession || this.#parts.defaults()?.overload !== 'drop') {
      this.giveWay(flow, wire, disposition, wire.read);
      return;
    }
    const first = wire.held[0];
    if (first === undefined) return;
    this.#hand.slot = flow.slot;
    if (this.#hand.takeUp(first, this.#engine, now)) this.overload(flow.slot, flow);
    else {
      // Nothing to make a RST from: the next packet of either side is answered with one.
      this.#cuts.markRefused(flow.slot);
      this.#flows.forget(flow);
    }
    this.#hand.slot = -1;
  }

  /** The policy: what cannot be decided in time does not pass. */
  overload(slot: number, flow: WireFlow): Fate {
    const { table } = this.#engine;
    this.#engine.anomaly(slot, table.direction, 'held-too-long');
    return this.#cuts.refuse(slot, flow);
  }

  /** What was read is what was forwarded or is held: where the stream began anew, so does this. */
  align(flow: WireFlow, wire: WireDirection, next: number): void {
    if (!wire.begun) wire.begin(next);
    else if (wire.read !== next) {
      this.release(flow, wire, undefined);
      if (wire.forwarded !== next) wire.begin(next);
    }
  }
}
