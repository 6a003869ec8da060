/** The slots of the flow table: memory, and what can be asked of one flow. Layout: layout.ts. */
import { addressText } from './address-text.ts';
import type { Disposition } from './disposition.ts';
import type { State } from './layout.ts';
import * as slotOf from './layout.ts';

const { CLIENT, CLIENT_HIGH, DISPOSITION_MASK, DISPOSITION_SHIFT, FIRST_TIME, FLAGS } = slotOf;
const { LAST_TIME, LEAVING, MIDSTREAM, NUMBERS, OCTETS, ORIENTED, PACKETS, PORTS } = slotOf;
const { SERVER, SERVER_HIGH, STATE_MASK, STRIDE, TAG, VLAN } = slotOf;

/**
 * Octets before the first slot. Allocators put a large buffer 16 octets behind a page's start;
 * this brings slots to cache lines.
 */
const ALIGNMENT = 48;

export class FlowSlots {
  /** Direction of the packet last looked up: 0 to server, 1 to client. */
  direction: 0 | 1 = 0;
  /** Slot of the last lookup. */
  current = -1;
  /** Slots by layout.ts, as words and as doubles; replaced when the table grows (in lookup). */
  words: Int32Array = new Int32Array(0);
  numbers: Float64Array = new Float64Array(0);

  /** Slots allocated. */
  get capacity(): number {
    return this.words.length / STRIDE;
  }

  protected resize(slots: number): void {
    const octets = slots * STRIDE * 4;
    const buffer = new ArrayBuffer(ALIGNMENT + octets);
    const words = new Int32Array(buffer, ALIGNMENT, slots * STRIDE);
    words.set(this.words);
    this.words = words;
    this.numbers = new Float64Array(buffer, ALIGNMENT, slots * NUMBERS);
  }

  /** Whether the slot holds a flow. */
  inUse(slot: number): boolean {
    return (this.words[slot * STRIDE + TAG] ?? 0) !== 0;
  }

  /** Exchanges client and server, counters and sequence numbers included. */
  swap(slot: number): void {
    const words = this.words;
    const at = slot * STRIDE;
    const flags = words[at + FLAGS] ?? 0;
    if ((flags & LEAVING) !== 0) return;
    exchange(words, at + CLIENT, at + SERVER);
    for (let i = 0; i < 3; i++) exchange(words, at + CLIENT_HIGH + i, at + SERVER_HIGH + i);
    const ports = words[at + PORTS] ?? 0;
    words[at + PORTS] = (ports << 16) | (ports >>> 16);
    for (let pair = slotOf.PAIRS_START; pair < slotOf.PAIRS_END; pair += 2) {
      exchange(words, at + pair, at + pair + 1);
    }
    const single = (1 << slotOf.PAIRED_BITS) - 1;
    const even = 0x55555555 & ~single;
    let alone = flags & single;
    if ((flags & slotOf.PENDING) !== 0) alone ^= slotOf.PENDING_TO_CLIENT;
    if ((flags & STATE_MASK) === slotOf.State.Reset) alone ^= slotOf.RESET_TO_CLIENT;
    words[at + FLAGS] = alone | ((flags & even) << 1) | ((flags >>> 1) & even);
    const number = slot * NUMBERS;
    exchange(this.numbers, number + PACKETS, number + PACKETS + 1);
    exchange(this.numbers, number + OCTETS, number + OCTETS + 1);
    if (slot === this.current) this.direction = this.direction === 0 ? 1 : 0;
  }

  disposition(slot: number): Disposition {
    const flags = this.words[slot * STRIDE + FLAGS] ?? 0;
    return ((flags >> DISPOSITION_SHIFT) & 3) as Disposition;
  }

  protected putDisposition(slot: number, disposition: Disposition): void {
    const at = slot * STRIDE + FLAGS;
    const others = (this.words[at] ?? 0) & ~DISPOSITION_MASK;
    this.words[at] = others | (disposition << DISPOSITION_SHIFT);
  }

  state(slot: number): State {
    return ((this.words[slot * STRIDE + FLAGS] ?? 0) & STATE_MASK) as State;
  }

  setState(slot: number, state: State): void {
    const at = slot * STRIDE + FLAGS;
    this.words[at] = ((this.words[at] ?? 0) & ~STATE_MASK) | state;
  }

  /** Whether a SYN decided who is the client. */
  oriented(slot: number): boolean {
    return ((this.words[slot * STRIDE + FLAGS] ?? 0) & ORIENTED) !== 0;
  }

  /** TCP whose opening was not seen. */
  midstream(slot: number): boolean {
    return ((this.words[slot * STRIDE + FLAGS] ?? 0) & MIDSTREAM) !== 0;
  }

  /** No more octets come in this direction, and the listener was told. */
  ended(slot: number, direction: 0 | 1): boolean {
    return ((this.words[slot * STRIDE + FLAGS] ?? 0) & (slotOf.ENDED << direction)) !== 0;
  }

  /** 4 or 6. */
  ipVersion(slot: number): number {
    return (this.words[slot * STRIDE + TAG] ?? 0) >> 8;
  }

  /** IP protocol number: 6 or 17. */
  transport(slot: number): number {
    return (this.words[slot * STRIDE + TAG] ?? 0) & 255;
  }

  /** Of the flow's first packet; -1: none. */
  vlan(slot: number): number {
    return this.words[slot * STRIDE + VLAN] ?? -1;
  }

  clientPort(slot: number): number {
    return (this.words[slot * STRIDE + PORTS] ?? 0) >>> 16;
  }

  serverPort(slot: number): number {
    return (this.words[slot * STRIDE + PORTS] ?? 0) & 0xffff;
  }

  clientAddress(slot: number): string {
    return this.#address(slot, CLIENT, CLIENT_HIGH);
  }

  serverAddress(slot: number): string {
    return this.#address(slot, SERVER, SERVER_HIGH);
  }

  /** `address:port`, IPv6 in brackets: FlowReference.client. */
  clientEndpoint(slot: number): string {
    const address = this.clientAddress(slot);
    const host = this.ipVersion(slot) === 4 ? address : `[${address}]`;
    return `${host}:${this.clientPort(slot)}`;
  }

  serverEndpoint(slot: number): string {
    const address = this.serverAddress(slot);
    const host = this.ipVersion(slot) === 4 ? address : `[${address}]`;
    return `${host}:${this.serverPort(slot)}`;
  }

  /** Microseconds since 1970. */
  firstTime(slot: number): number {
    return this.numbers[slot * NUMBERS + FIRST_TIME] ?? 0;
  }

  lastTime(slot: number): number {
    return this.numbers[slot * NUMBERS + LAST_TIME] ?? 0;
  }

  packets(slot: number, direction: 0 | 1): number {
    return this.numbers[slot * NUMBERS + PACKETS + direction] ?? 0;
  }

  /** Payload octets on the wire, captured or not, retransmissions included. */
  payloadOctets(slot: number, direction: 0 | 1): number {
    return this.numbers[slot * NUMBERS + OCTETS + direction] ?? 0;
  }

  #address(slot: number, low: number, high: number): string {
    const words = this.words;
    const at = slot * STRIDE;
    const first = at + high;
    return addressText(
      this.ipVersion(slot),
      words[first] ?? 0,
      words[first + 1] ?? 0,
      words[first + 2] ?? 0,
      words[at + low] ?? 0,
    );
  }
}

function exchange(numbers: Int32Array | Float64Array, a: number, b: number): void {
  const held = numbers[a] ?? 0;
  numbers[a] = numbers[b] ?? 0;
  numbers[b] = held;
}
