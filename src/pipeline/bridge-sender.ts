/** Packets on their way out of a bridge: dressed, before or after the one in hand. */
import type { Frame } from '../capture/frame.ts';
import { PacketView } from '../decode/packet-view.ts';
import { Dressed, dress } from '../verdict/wire/dress.ts';
import { NONE } from '../verdict/wire/held-fragments.ts';
import type { HeldPacket } from '../verdict/wire/held-packet.ts';
import { Fate, opposite, type Side } from '../verdict/wire/packet-judge.ts';
import { stamp } from '../verdict/wire/timestamp.ts';
import type { WireDirection } from '../verdict/wire/wire-flow.ts';
import type { BridgeParts } from './bridge-parts.ts';

export class BridgeSender {
  readonly #parts: BridgeParts;
  /** A held packet on its way out. */
  readonly #leaving = new PacketView();

  constructor(parts: BridgeParts) {
    this.#parts = parts;
  }

  /** The packet in hand goes on: now, dressed. */
  goOn(wire: WireDirection): Fate {
    const { view } = this.#parts.engine;
    const { frame, isFixed, wasKept } = this.#parts.hand;
    if (!wire.begun) wire.begin(view.sequence);
    if (!isFixed && stamp(wire, frame, view, wasKept)) this.#parts.hand.changed = true;
    const dressed = dress(wire, frame, view, view.sequence, isFixed);
    if (dressed === Dressed.Changed) this.#parts.hand.changed = true;
    return dressed === Dressed.Impossible ? Fate.Drop : Fate.Forward;
  }

  /** The packet in hand goes now, before others that follow it. */
  sendInHand(): Fate {
    const { frame, side } = this.#parts.hand;
    this.sendLead();
    if (this.#parts.hand.changed) this.#parts.counts.rewritten++;
    this.send(side, frame, frame.end, frame.virtio);
    return Fate.Drop;
  }

  /** The fragments of the packet in hand that came before it. */
  sendLead(): void {
    const { lead, side } = this.#parts.hand;
    for (const frame of lead) this.send(side, frame, frame.end, frame.virtio);
    this.#parts.hand.lead = NONE;
  }

  /** False where it would have to be changed and cannot be: it goes nowhere. */
  sendHeld(wire: WireDirection, held: HeldPacket): boolean {
    const { frame, side, sequence, lead } = held;
    const view = this.#seen(held);
    const isStamped = held.segment !== undefined && stamp(wire, frame, view, true);
    const dressed = dress(wire, frame, view, sequence, held.segment === undefined);
    if (dressed === Dressed.Impossible) {
      this.#parts.counts.droppedContradicting++;
      return false;
    }
    if (isStamped || dressed === Dressed.Changed) this.#parts.counts.rewritten++;
    for (const one of lead) this.send(side, one, one.end, one.virtio);
    this.send(side, frame, frame.end, frame.virtio);
    return true;
  }

  /** A packet that was aside goes on unread. */
  sendAside(wire: WireDirection, held: HeldPacket): void {
    const { frame, side } = held;
    if (held.segment !== undefined && stamp(wire, frame, this.#seen(held), true)) {
      this.#parts.counts.rewritten++;
    }
    this.send(side, frame, frame.end, frame.virtio);
  }

  #seen({ frame, sequence, end, segment }: HeldPacket): PacketView {
    const view = this.#leaving;
    if (segment === undefined) {
      view.buffer = frame.buffer;
      view.payloadStart = view.payloadEnd = 0;
      view.payloadMissing = (end - sequence) | 0;
    } else Object.assign(view, segment);
    return view;
  }

  send(from: Side, frame: Frame, end: number, virtio: number): void {
    this.#parts.counts.forwarded++;
    this.#parts.out.send(opposite(from), frame.buffer, frame.start, end, virtio);
  }
}
