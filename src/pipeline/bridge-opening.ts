/** SYN and RST on their way through a bridge: how a connection that is read begins, and how it is torn down. */
import * as slotOf from '../flow/layout.ts';
import { Fate } from '../verdict/wire/packet-judge.ts';
import { cutPayload, setSequence } from '../verdict/wire/tcp-header.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeCuts } from './bridge-cuts.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { BridgeSender } from './bridge-sender.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { DELIVERED, FLAGS, INITIAL, NEXT, STARTED, STRIDE } = slotOf;

export class BridgeOpening {
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #sender: BridgeSender;
  readonly #cuts: BridgeCuts;

  constructor(parts: BridgeParts, sender: BridgeSender, cuts: BridgeCuts) {
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
    this.#sender = sender;
    this.#cuts = cuts;
  }

  /** A SYN goes on without octets: they come again, in order, once the connection stands (RFC 7413 §4.2). */
  synchronise(slot: number): Fate {
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
    if (this.#cuts.isRefused(slot)) return this.#cuts.cut(slot, undefined);
    if (!hasOctets) return Fate.Forward;
    this.#counts.normalised++;
    const end = hand.isFixed ? -1 : cutPayload(hand.frame, view, payloadEnd);
    if (end >= 0) this.#sender.send(hand.side, hand.frame, end, -1);
    return Fate.Drop;
  }

  /** Believed where it is at the very place that its receiver expects (RFC 5961 §3.2); else only passed on. */
  reset(slot: number): Fate {
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
      this.#hand.changed = true;
    }
    this.#flows.clearHeld(flow, wire);
    this.#flows.clearAside(wire);
    return Fate.Forward;
  }
}
