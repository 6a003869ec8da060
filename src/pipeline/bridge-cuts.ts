/** Connections that are refused: both sides hear a RST, and nothing of them goes on. */
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import { Fate, opposite, type Side } from '../verdict/wire/packet-judge.ts';
import {
  MOST_RESET_OCTETS,
  sequenceBehind,
  sequenceForSender,
  writeReset,
} from '../verdict/wire/reset-frame.ts';
import type { WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { FLAGS, REFUSED, STRIDE } = slotOf;

const SYN = 2;
const RST = 4;
const ACK = 16;

export class BridgeCuts {
  readonly #parts: BridgeParts;
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #reset = new Uint8Array(MOST_RESET_OCTETS);

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
  }

  isRefused(slot: number): boolean {
    return ((this.#engine.table.words[slot * STRIDE + FLAGS] ?? 0) & REFUSED) !== 0;
  }

  markRefused(slot: number): void {
    const { words } = this.#engine.table;
    const at = slot * STRIDE + FLAGS;
    if (!this.isRefused(slot)) this.#counts.refusedFlows++;
    words[at] = (words[at] ?? 0) | REFUSED;
  }

  refuse(slot: number, flow: WireFlow): Fate {
    this.markRefused(slot);
    return this.cut(slot, flow);
  }

  /** The flow was just refused: both sides get a RST, and nothing of it goes on. */
  cut(slot: number, flow: WireFlow | undefined): Fate {
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
  again(slot: number): Fate {
    this.#counts.droppedByVerdict++;
    this.answer(slot);
    return Fate.Drop;
  }

  /** The sender of the packet in hand, which goes nowhere, hears that the connection is over. */
  answer(slot: number): void {
    const { view, table } = this.#engine;
    table.account(view, slot);
    if ((view.flags & RST) === 0) {
      this.#sendReset(this.#hand.side, true, sequenceForSender(view), sequenceBehind(view));
    }
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
}
