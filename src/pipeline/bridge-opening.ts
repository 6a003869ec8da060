/** SYN and RST on their way through a bridge: how a connection that is read begins, and how it is torn down. */
import * as slotOf from '../flow/layout.ts';
import { State } from '../flow/layout.ts';
import { Fate } from '../verdict/wire/packet-judge.ts';
import { cutPayload, setSequence } from '../verdict/wire/tcp-header.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeCuts } from './bridge-cuts.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { BridgeSender } from './bridge-sender.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { ACKED, ACKNOWLEDGED, DELIVERED, FLAGS, INITIAL, NEXT } = slotOf;
const { STARTED, STRIDE, UNANSWERED } = slotOf;

const ACK = 16;

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
    this.#hearAnswer(slot);
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
    if (table.created) {
      table.remove(slot);
      return Fate.Forward;
    }
    if (table.state(slot) === State.Reset || !this.#isExpected(slot)) return Fate.Forward;
    hand.raiseHops(view);
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

  /** Whether the RST in hand is where its receiver is. Of a direction that was not heard only the other one tells. */
  #isExpected(slot: number): boolean {
    const { view, table } = this.#engine;
    const { words, direction: d } = table;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & (STARTED << d)) !== 0) return view.sequence === words[base + NEXT + d];
    if (table.state(slot) === State.Opening) {
      return (view.flags & ACK) !== 0 && view.acknowledgement === words[base + NEXT + 1 - d];
    }
    return (flags & (ACKED << d)) !== 0 && view.sequence === words[base + ACKNOWLEDGED + d];
  }

  /** The server answers a SYN that took the place of another connection. */
  #hearAnswer(slot: number): void {
    const { view, table } = this.#engine;
    const { words, direction } = table;
    const base = slot * STRIDE;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & UNANSWERED) === 0 || direction !== 1 || (view.flags & ACK) === 0) return;
    const isAnswer = ((view.acknowledgement - 1) | 0) === words[base + INITIAL];
    if (isAnswer) words[base + FLAGS] = flags & ~UNANSWERED;
  }
}
