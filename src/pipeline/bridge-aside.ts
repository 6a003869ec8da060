/**
 * Segments ahead of a hole: kept, neither read nor forwarded, until the hole is filled or is known to have
 * passed us by. Their loss does no harm: their receiver acknowledges nothing of them, and their sender sends
 * them again.
 */
import * as slotOf from '../flow/layout.ts';
import { areNear, SPAN } from '../stream/span.ts';
import { NONE } from '../verdict/wire/held-fragments.ts';
import { keepPacket } from '../verdict/wire/held-packet.ts';
import { Fate } from '../verdict/wire/packet-judge.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeHolding } from './bridge-holding.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { BridgeSelective } from './bridge-selective.ts';
import type { BridgeSender } from './bridge-sender.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { ACKED, ACKNOWLEDGED, FLAGS, NEXT, STRIDE } = slotOf;

export class BridgeAside {
  readonly #parts: BridgeParts;
  readonly #engine: Engine;
  readonly #hand: PacketInHand;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;
  readonly #sender: BridgeSender;
  readonly #holding: BridgeHolding;
  readonly #selective: BridgeSelective;
  /** Decides about the packet in hand. */
  readonly #segment: () => Fate;
  /** Packets that were aside are being taken up. */
  #isFollowing = false;

  constructor(
    parts: BridgeParts,
    sender: BridgeSender,
    holding: BridgeHolding,
    selective: BridgeSelective,
    segment: () => Fate,
  ) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#hand = parts.hand;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
    this.#sender = sender;
    this.#holding = holding;
    this.#selective = selective;
    this.#segment = segment;
  }

  /** Ahead of a hole: kept, unless what is missing passed us by. */
  put(slot: number, known: WireFlow | undefined, ahead: number): Fate {
    const { view, table } = this.#engine;
    const { frame, side, isFixed } = this.#hand;
    const d = table.direction;
    const base = slot * STRIDE;
    const next = table.words[base + NEXT + d] ?? 0;
    const flow = known ?? this.#flows.open(slot, view, next);
    const wire = flow.of(view);
    this.#holding.align(flow, wire, next);
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
      if (isKnown) this.#selective.tell(slot, flow, wire, packet.end);
      else this.#counts.droppedOutOfOrder++;
      return Fate.Drop;
    }
    this.#flows.putAside(wire, packet);
    this.#counts.keptAside++;
    this.#hand.kept = true;
    this.skipPassedBy(slot, flow, wire, d);
    if (wire.aside.includes(packet)) this.#selective.tell(slot, flow, wire, packet.end);
    return this.followUp(slot, flow, wire, Fate.Drop);
  }

  /** The receiver has octets that did not pass here: a bypass carried them, and they are not waited for. */
  skipPassedBy(slot: number, flow: WireFlow, wire: WireDirection, d: 0 | 1): void {
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
    this.#holding.release(flow, wire, undefined);
    this.#counts.passedBy += (to - next) | 0;
    streams.passedBy(slot, d, (to - next) | 0);
    wire.moveTo(to);
  }

  /** What was put aside follows the packet in hand, where it filled the hole. */
  followUp(slot: number, flow: WireFlow, wire: WireDirection, fate: Fate): Fate {
    if (wire.aside.length === 0 || this.#isFollowing) return fate;
    this.#isFollowing = true;
    const { table } = this.#engine;
    const d = flow.towards(0, table) === wire ? 0 : 1;
    const hand = this.#hand;
    const { frame, side, isFixed } = hand;
    const { changed, kept } = hand;
    let goes = fate;
    for (;;) {
      const next = table.words[slot * STRIDE + NEXT + d] ?? 0;
      const packet = this.#flows.takeAside(wire, next);
      if (packet === undefined) break;
      if (goes === Fate.Forward) goes = this.#sender.sendInHand();
      if (!hand.takeUp(packet, this.#engine, this.#engine.now)) continue;
      hand.slot = slot;
      hand.wasKept = true;
      this.#hand.changed = false;
      if (this.#segment() === Fate.Forward) this.#sender.sendInHand();
      if (this.#flows.get(slot) !== flow) break; // cut, or let go
    }
    hand.frame = frame;
    hand.side = side;
    hand.isFixed = isFixed;
    hand.wasKept = false;
    this.#hand.changed = changed && goes === fate;
    this.#hand.kept = kept;
    this.#isFollowing = false;
    return goes;
  }

  recover(): void {
    this.#isFollowing = false;
  }

  #isAcknowledged(slot: number, d: 0 | 1, sequence: number): boolean {
    const { words } = this.#engine.table;
    const base = slot * STRIDE;
    if (((words[base + FLAGS] ?? 0) & (ACKED << d)) === 0) return false;
    return areNear(words[base + ACKNOWLEDGED + d] ?? 0, sequence);
  }
}
