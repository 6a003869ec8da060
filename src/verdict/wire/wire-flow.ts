/**
 * What is remembered of a TCP flow that is read, by whoever carries its packets. Its two directions are told
 * apart by the packets' addresses: the flow table may turn client and server round.
 */
import type { PacketView } from '../../decode/packet-view.ts';
import * as slotOf from '../../flow/layout.ts';
import type { FlowTable } from '../../flow/table.ts';
import type { Cover } from './cover.ts';
import { HeardAcknowledgement } from './heard-acknowledgement.ts';
import type { HeldPacket } from './held-packet.ts';
import { type RetainedMemory, RetainedOctets } from './retained-octets.ts';

const { CLIENT, CLIENT_HIGH, STRIDE } = slotOf;

export class WireDirection {
  /** Sequence number behind all that went on to the receiver. */
  forwarded = 0;
  /** Where reading began: what lies before it is not known. */
  origin = 0;
  /** `forwarded` says something. */
  begun = false;
  readonly retained: RetainedOctets;
  /** Ranges that are not all forwarded yet and go on changed. */
  covers: Cover[] = [];
  /** In order, read, and not decided: [forwarded, …). */
  readonly held: HeldPacket[] = [];
  heldOctets = 0;
  /** Ahead of a hole, not read. */
  readonly aside: HeldPacket[] = [];
  asideOctets = 0;
  /** What went on undecided last: sequence numbers [start, end). */
  late: { readonly start: number; readonly end: number } | undefined = undefined;
  /** Octets still to be acknowledged of which some went on changed: sequence number behind them. */
  changedUpTo: number | undefined = undefined;
  /** Newest TSval (RFC 7323) that went on with octets, int32. */
  newestStamp: number | undefined = undefined;
  /** By the receiver of this direction. */
  readonly heard = new HeardAcknowledgement();
  /** Sequence numbers [start, end) aside of which the sender was told, the last one first. */
  toldAside: [number, number][] = [];

  constructor(memory: RetainedMemory) {
    this.retained = new RetainedOctets(memory, 0);
  }

  begin(sequence: number): void {
    this.begun = true;
    this.origin = sequence;
    this.newestStamp = undefined;
    this.moveTo(sequence);
  }

  /** What comes next is at `sequence`, and nothing before it will be known. */
  moveTo(sequence: number): void {
    this.forwarded = sequence;
    this.covers = [];
    this.late = undefined;
    this.retained.restart(sequence);
  }

  /** Sequence number behind all that was read. */
  get read(): number {
    return this.held.at(-1)?.end ?? this.forwarded;
  }

  /** The receiver has everything before `sequence`. */
  acknowledge(sequence: number): void {
    this.retained.trim(sequence);
    if (this.changedUpTo !== undefined && ((sequence - this.changedUpTo) | 0) >= 0) {
      this.changedUpTo = undefined;
    }
  }
}

export class WireFlow {
  readonly slot: number;
  readonly #directions: readonly [WireDirection, WireDirection];
  readonly #port: number;
  readonly #address = new Int32Array(4);
  /** Waiting for the probes took too long once: it is not waited for again. */
  impatient = false;

  /** Direction 0 is the view's. */
  constructor(slot: number, view: PacketView, memory: RetainedMemory) {
    this.slot = slot;
    this.#port = view.sourcePort;
    this.#address.set(view.addresses.subarray(0, 4));
    this.#directions = [new WireDirection(memory), new WireDirection(memory)];
  }

  /** The direction of the packet, and the other one. */
  of(view: PacketView): WireDirection {
    return this.#directions[this.#isFirst(view.sourcePort, view.addresses, 0, 3) ? 0 : 1];
  }

  against(view: PacketView): WireDirection {
    return this.#directions[this.#isFirst(view.sourcePort, view.addresses, 0, 3) ? 1 : 0];
  }

  /** By the flow table's direction: 0 to server, 1 to client. */
  towards(direction: 0 | 1, table: FlowTable): WireDirection {
    const at = this.slot * STRIDE;
    const port = table.clientPort(this.slot);
    const clientIsFirst = this.#isFirst(port, table.words, at + CLIENT_HIGH, at + CLIENT);
    return this.#directions[clientIsFirst === (direction === 0) ? 0 : 1];
  }

  get both(): readonly [WireDirection, WireDirection] {
    return this.#directions;
  }

  /** An address as three words, and the last one. */
  #isFirst(port: number, words: Int32Array, high: number, low: number): boolean {
    const mine = this.#address;
    return (
      port === this.#port &&
      words[low] === mine[3] &&
      words[high] === mine[0] &&
      words[high + 1] === mine[1] &&
      words[high + 2] === mine[2]
    );
  }
}
