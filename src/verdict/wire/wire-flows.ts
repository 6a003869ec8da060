/** The TCP flows of which a bridge remembers something, by slot; their memory, bounded in all. */
import type { PacketView } from '../../decode/packet-view.ts';
import * as slotOf from '../../flow/layout.ts';
import type { FlowTable } from '../../flow/table.ts';
import type { Limits } from '../../limits.ts';
import type { HeldPacket } from './held-packet.ts';
import { RetainedMemory } from './retained-octets.ts';
import { type WireDirection, WireFlow } from './wire-flow.ts';

const { FLAGS, NEXT, ON_WIRE, STARTED, STRIDE } = slotOf;

export class WireFlows {
  readonly memory: RetainedMemory;
  /** Octets of packets held and aside. */
  heldOctets = 0;
  asideOctets = 0;
  /** Flows that hold packets. */
  readonly waiting = new Set<WireFlow>();
  readonly #flows = new Map<number, WireFlow>();
  readonly #table: FlowTable;

  constructor(table: FlowTable, limits: Limits) {
    this.#table = table;
    this.memory = new RetainedMemory(limits);
  }

  get size(): number {
    return this.#flows.size;
  }

  get(slot: number): WireFlow | undefined {
    return this.#flows.get(slot);
  }

  /** The flow of the packet in `view`, of which the octets from `newFrom` on are new; made if there is none. */
  open(slot: number, view: PacketView, newFrom: number): WireFlow {
    const known = this.#flows.get(slot);
    if (known !== undefined) return known;
    const { words, direction } = this.#table;
    const made = new WireFlow(slot, view, this.memory);
    const base = slot * STRIDE;
    made.of(view).begin(newFrom);
    const other = 1 - direction;
    const flags = words[base + FLAGS] ?? 0;
    if ((flags & (STARTED << other)) !== 0)
      made.against(view).begin(words[base + NEXT + other] ?? 0);
    words[base + FLAGS] = flags | ON_WIRE;
    this.#flows.set(slot, made);
    return made;
  }

  /** Nothing of the flow is remembered any more. */
  forget(flow: WireFlow): void {
    for (const wire of flow.both) {
      this.clearHeld(flow, wire);
      this.clearAside(wire);
      wire.retained.restart(0);
    }
    this.#flows.delete(flow.slot);
    const at = flow.slot * STRIDE + FLAGS;
    this.#table.words[at] = (this.#table.words[at] ?? 0) & ~ON_WIRE;
  }

  hold(flow: WireFlow, wire: WireDirection, packet: HeldPacket): void {
    const octets = packet.frame.buffer.length;
    wire.held.push(packet);
    wire.heldOctets += octets;
    this.heldOctets += octets;
    this.waiting.add(flow);
  }

  /** The packet held longest, which is held no more. */
  takeHeld(flow: WireFlow, wire: WireDirection): HeldPacket | undefined {
    const packet = wire.held.shift();
    if (packet === undefined) return undefined;
    wire.heldOctets -= packet.frame.buffer.length;
    this.heldOctets -= packet.frame.buffer.length;
    const [one, other] = flow.both;
    if (one.held.length === 0 && other.held.length === 0) this.waiting.delete(flow);
    return packet;
  }

  clearHeld(flow: WireFlow, wire: WireDirection): void {
    while (this.takeHeld(flow, wire) !== undefined);
  }

  putAside(wire: WireDirection, packet: HeldPacket): void {
    const octets = packet.frame.buffer.length;
    wire.aside.push(packet);
    wire.asideOctets += octets;
    this.asideOctets += octets;
  }

  /** One of those aside that begins at or before `next`. */
  takeAside(wire: WireDirection, next: number): HeldPacket | undefined {
    const i = wire.aside.findIndex(({ sequence }) => ((sequence - next) | 0) <= 0);
    if (i < 0) return undefined;
    const [packet] = wire.aside.splice(i, 1);
    if (packet !== undefined) {
      wire.asideOctets -= packet.frame.buffer.length;
      this.asideOctets -= packet.frame.buffer.length;
    }
    return packet;
  }

  clearAside(wire: WireDirection): void {
    this.asideOctets -= wire.asideOctets;
    wire.asideOctets = 0;
    wire.aside.length = 0;
    wire.toldAside.length = 0;
  }
}
