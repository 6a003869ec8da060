/**
 * The flow table: both directions of a TCP or UDP 5-tuple in one slot, whose number names the flow
 * until it leaves.
 *
 * A hash index (open addressing, linear probing, at most half full, keyed hash) points to slots;
 * slots never move. Everything is typed arrays that double up to Limits.flows. A flow costs 160
 * octets of slot and at most 32 of index: 192 in all.
 *
 * Silent flows are found by a cursor that walks the slots as packets pass; a full table gives up
 * the least worthy of the slots next to another cursor. Both do bounded work a packet.
 */
import type { PacketView } from '../decode/packet-view.ts';
import type { Limits } from '../limits.ts';
import { addressText, endpointText } from './address-text.ts';
import { Disposition } from './disposition.ts';
import { KeyedHash } from './keyed-hash.ts';
import * as slotOf from './layout.ts';
import { State } from './layout.ts';
import { TIMEOUTS } from './timeouts.ts';

const { CLIENT, DISPOSITION_MASK, DISPOSITION_SHIFT, FIRST_TIME, FLAGS, HASH, LAST_TIME } = slotOf;
const { LEAVING, MIDSTREAM, NUMBERS, OCTETS, ORIENTED, PACKETS, PORTS, SERVER } = slotOf;
const { STATE_MASK, STRIDE, TAG, VLAN } = slotOf;

const TCP = 6;
const SYN = 2;
const ACK = 16;
const FIRST_CAPACITY = 1024; // slots
/** The walk for silent flows: this many slots after as many packets … */
const SWEEP_BATCH = 64;
/** … and so many when the clock of the packets went on by SWEEP_EVERY microseconds. */
const SWEEP_SPARSE = 1024;
const SWEEP_EVERY = 1e6;
/** Slots compared for an eviction; more when they hold nothing but IM. */
const EVICT_SAMPLE = 64;
const EVICT_SEARCH = 1024;
/** From this rank on a flow is IM. */
const RANK_IM = 4;

/** Who must know when a flow leaves. */
export interface FlowOwner {
  /** Last words before the slot is freed. */
  leaving(slot: number, cause: 'timeout' | 'evicted'): void;
  /** The disposition became LetGo or Opaque: what was kept for reading may go. */
  released(slot: number): void;
}

export interface FlowTableOptions {
  /** Whether servers of IM listen on this port: orients flows whose opening was not seen. */
  readonly serverPortHint?: (port: number) => boolean;
}

export interface FlowCounters {
  created: number;
  timedOut: number;
  evictedLetGo: number;
  evictedUndecided: number;
  evictedOpaque: number;
  evictedSession: number;
}

export class FlowTable {
  /** Direction of the packet last looked up: 0 to server, 1 to client. */
  direction: 0 | 1 = 0;
  /** Whether the last lookup made a new flow. */
  created = false;
  /** Slot of the last lookup. */
  current = -1;
  /** Slots by layout.ts; replaced when the table grows (only in lookup). */
  words: Int32Array;
  numbers: Float64Array;
  readonly counters: FlowCounters = {
    created: 0,
    timedOut: 0,
    evictedLetGo: 0,
    evictedUndecided: 0,
    evictedOpaque: 0,
    evictedSession: 0,
  };
  readonly #limit: number;
  readonly #hash: KeyedHash;
  readonly #hint: (port: number) => boolean;
  #owner: FlowOwner | undefined;
  #capacity: number;
  /** Pairs: hash, 1 + slot (0: empty). */
  #index: Int32Array;
  #mask: number; // index pairs - 1
  #used = 0; // flows
  #high = 0; // slots ever used
  #free = -1; // list of freed slots, linked by their HASH word
  #sweepAt = 0;
  #sinceSweep = 0; // packets
  readonly #sweptTime: Float64Array = new Float64Array(1);
  #evictAt = 0;

  constructor(limits: Limits, hashKey: Uint32Array, options: FlowTableOptions = {}) {
    this.#limit = Math.max(1, limits.flows);
    this.#hash = new KeyedHash(hashKey);
    this.#hint = options.serverPortHint ?? (() => false);
    this.#capacity = Math.min(FIRST_CAPACITY, this.#limit);
    this.words = new Int32Array(this.#capacity * STRIDE);
    this.numbers = new Float64Array(this.#capacity * NUMBERS);
    const pairs = indexPairs(this.#capacity);
    this.#index = new Int32Array(2 * pairs);
    this.#mask = pairs - 1;
  }

  /** At most one; told before a slot is freed by the table itself. */
  attach(owner: FlowOwner): void {
    this.#owner = owner;
  }

  /** Flows in the table. */
  get size(): number {
    return this.#used;
  }

  /** Slots that may hold flows are [0, slots). */
  get slots(): number {
    return this.#high;
  }

  /** Octets of memory in use. */
  get octets(): number {
    return this.words.byteLength + this.numbers.byteLength + this.#index.byteLength;
  }

  /** Slots allocated. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Whether the slot holds a flow. */
  inUse(slot: number): boolean {
    return (this.words[slot * STRIDE + TAG] ?? 0) !== 0;
  }

  /**
   * The slot of the packet's flow, made if there is none; sets `direction`, `created`, `current`.
   * Silent and evicted flows leave (FlowOwner.leaving) within this call.
   */
  lookup(view: PacketView): number {
    this.#sweep(view.time);
    const addresses = view.addresses;
    const s0 = addresses[0] ?? 0;
    const s1 = addresses[1] ?? 0;
    const s2 = addresses[2] ?? 0;
    const s3 = addresses[3] ?? 0;
    const d0 = addresses[4] ?? 0;
    const d1 = addresses[5] ?? 0;
    const d2 = addresses[6] ?? 0;
    const d3 = addresses[7] ?? 0;
    const ports = (view.sourcePort << 16) | view.destinationPort;
    const reversed = (view.destinationPort << 16) | view.sourcePort;
    const tag = (view.ipVersion << 8) | view.transport;

    let sourceFirst = view.sourcePort <= view.destinationPort;
    if (s3 !== d3) sourceFirst = s3 < d3;
    else if (s2 !== d2) sourceFirst = s2 < d2;
    else if (s1 !== d1) sourceFirst = s1 < d1;
    else if (s0 !== d0) sourceFirst = s0 < d0;
    const message = this.#hash.message;
    message[0] = tag;
    message[1] = sourceFirst ? ports : reversed;
    message[2] = sourceFirst ? s3 : d3;
    message[3] = sourceFirst ? d3 : s3;
    let length = 4;
    if (view.ipVersion !== 4) {
      message[4] = sourceFirst ? s2 : d2;
      message[5] = sourceFirst ? s1 : d1;
      message[6] = sourceFirst ? s0 : d0;
      message[7] = sourceFirst ? d2 : s2;
      message[8] = sourceFirst ? d1 : s1;
      message[9] = sourceFirst ? d0 : s0;
      length = 10;
    }
    const hash = this.#hash.of(length);

    const index = this.#index;
    const mask = this.#mask;
    const words = this.words;
    for (let pair = hash & mask; ; pair = (pair + 1) & mask) {
      const slot = (index[2 * pair + 1] ?? 0) - 1;
      if (slot === -1) break;
      if (index[2 * pair] !== hash) continue;
      const at = slot * STRIDE;
      if (words[at + TAG] !== tag) continue;
      if (
        words[at + PORTS] === ports &&
        words[at + 3] === s3 &&
        words[at + 7] === d3 &&
        words[at + 2] === s2 &&
        words[at + 6] === d2 &&
        words[at + 1] === s1 &&
        words[at + 5] === d1 &&
        words[at] === s0 &&
        words[at + 4] === d0
      ) {
        this.direction = 0;
      } else if (
        words[at + PORTS] === reversed &&
        words[at + 3] === d3 &&
        words[at + 7] === s3 &&
        words[at + 2] === d2 &&
        words[at + 6] === s2 &&
        words[at + 1] === d1 &&
        words[at + 5] === s1 &&
        words[at] === d0 &&
        words[at + 4] === s0
      ) {
        this.direction = 1;
      } else {
        continue;
      }
      if (this.#isSilent(slot, view.time)) {
        this.#leave(slot, 'timeout');
        break;
      }
      this.created = false;
      this.current = slot;
      return slot;
    }
    return this.#create(view, hash, tag);
  }

  /** Adds the packet last looked up to its flow's ledger. */
  account(view: PacketView, slot: number): void {
    const numbers = this.numbers;
    const at = slot * NUMBERS;
    const now = view.time[0] ?? 0;
    if (now > (numbers[at + LAST_TIME] ?? 0)) numbers[at + LAST_TIME] = now;
    const direction = this.direction;
    const packets = at + PACKETS + direction;
    numbers[packets] = (numbers[packets] ?? 0) + 1;
    const octets = at + OCTETS + direction;
    numbers[octets] =
      (numbers[octets] ?? 0) + view.payloadEnd - view.payloadStart + view.payloadMissing;
  }

  #create(view: PacketView, hash: number, tag: number): number {
    const slot = this.#take();
    const at = slot * STRIDE;
    const words = this.words;
    words.fill(0, at, at + STRIDE);
    this.#orient(view, at);
    words[at + TAG] = tag;
    words[at + HASH] = hash;
    words[at + VLAN] = view.vlan;
    const number = slot * NUMBERS;
    this.numbers.fill(0, number, number + NUMBERS);
    this.numbers[number + FIRST_TIME] = view.time[0] ?? 0;
    this.numbers[number + LAST_TIME] = view.time[0] ?? 0;
    insert(this.#index, this.#mask, hash, slot);
    this.#used++;
    this.counters.created++;
    this.created = true;
    this.current = slot;
    return slot;
  }

  /**
   * Who is the client: the sender of a SYN, the receiver of a SYN-ACK, who talks to a known server
   * port, or else who was heard first. The lower port proves nothing.
   */
  #orient(view: PacketView, at: number): void {
    const words = this.words;
    let flags: number = State.Datagrams;
    let toServer = true;
    if (view.transport === TCP && (view.flags & SYN) !== 0) {
      flags = State.Opening | ORIENTED;
      toServer = (view.flags & ACK) === 0;
    } else {
      if (view.transport === TCP) flags = State.Established | MIDSTREAM;
      toServer = this.#hint(view.destinationPort) || !this.#hint(view.sourcePort);
    }
    const client = toServer ? 0 : 4;
    for (let i = 0; i < 4; i++) {
      words[at + CLIENT + i] = view.addresses[client + i] ?? 0;
      words[at + SERVER + i] = view.addresses[4 - client + i] ?? 0;
    }
    words[at + PORTS] = toServer
      ? (view.sourcePort << 16) | view.destinationPort
      : (view.destinationPort << 16) | view.sourcePort;
    words[at + FLAGS] = flags;
    this.direction = toServer ? 0 : 1;
  }

  #take(): number {
    if (this.#free === -1 && this.#high === this.#limit) this.#evict();
    if (this.#free !== -1) {
      const slot = this.#free;
      this.#free = this.words[slot * STRIDE + HASH] ?? -1;
      return slot;
    }
    if (this.#high === this.#capacity) this.#grow();
    return this.#high++;
  }

  #grow(): void {
    this.#capacity = Math.min(this.#limit, this.#capacity * 2);
    const words = new Int32Array(this.#capacity * STRIDE);
    words.set(this.words);
    this.words = words;
    const numbers = new Float64Array(this.#capacity * NUMBERS);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const pairs = indexPairs(this.#capacity);
    if (pairs === this.#mask + 1) return;
    this.#index = new Int32Array(2 * pairs);
    this.#mask = pairs - 1;
    for (let slot = 0; slot < this.#high; slot++) {
      const at = slot * STRIDE;
      if (words[at + TAG] !== 0) insert(this.#index, this.#mask, words[at + HASH] ?? 0, slot);
    }
  }

  /** Frees the slot; says nothing to anybody. */
  remove(slot: number): void {
    const at = slot * STRIDE;
    const words = this.words;
    if (words[at + TAG] === 0) return;
    erase(this.#index, this.#mask, words[at + HASH] ?? 0, slot);
    words[at + TAG] = 0;
    words[at + HASH] = this.#free;
    this.#free = slot;
    this.#used--;
  }

  #leave(slot: number, cause: 'timeout' | 'evicted'): void {
    if (cause === 'timeout') this.counters.timedOut++;
    this.#owner?.leaving(slot, cause);
    this.remove(slot);
  }

  #isSilent(slot: number, time: Float64Array): boolean {
    const state = (this.words[slot * STRIDE + FLAGS] ?? 0) & STATE_MASK;
    const silence = (time[0] ?? 0) - (this.numbers[slot * NUMBERS + LAST_TIME] ?? 0);
    return silence > (TIMEOUTS[state] ?? 0);
  }

  #sweep(time: Float64Array): void {
    const elapsed = (time[0] ?? 0) - (this.#sweptTime[0] ?? 0);
    if (++this.#sinceSweep < SWEEP_BATCH && elapsed < SWEEP_EVERY) return;
    let visits = elapsed < SWEEP_EVERY ? SWEEP_BATCH : SWEEP_SPARSE;
    if (visits > this.#high) visits = this.#high;
    for (; visits > 0; visits--) {
      const slot = this.#sweepAt < this.#high ? this.#sweepAt : 0;
      this.#sweepAt = slot + 1;
      if (this.inUse(slot) && this.#isSilent(slot, time)) this.#leave(slot, 'timeout');
    }
    this.#sinceSweep = 0;
    this.#sweptTime[0] = time[0] ?? 0;
  }

  /** The lowest rank goes first, then the longest silence; see #rank. */
  #evict(): void {
    let victim = 0;
    let worst = 8;
    for (let seen = 0; seen < EVICT_SEARCH && seen < this.#high; seen++) {
      if (seen >= EVICT_SAMPLE && worst < RANK_IM) break;
      const slot = this.#evictAt < this.#high ? this.#evictAt : 0;
      this.#evictAt = slot + 1;
      const rank = this.#rank(slot);
      if (rank < worst || (rank === worst && this.lastTime(slot) < this.lastTime(victim))) {
        worst = rank;
        victim = slot;
      }
    }
    const disposition = this.disposition(victim);
    if (disposition === Disposition.LetGo) this.counters.evictedLetGo++;
    else if (disposition === Disposition.Undecided) this.counters.evictedUndecided++;
    else if (disposition === Disposition.Opaque) this.counters.evictedOpaque++;
    else this.counters.evictedSession++;
    this.#leave(victim, 'evicted');
  }

  /** Closed, let go, only a SYN (a flood), undecided, unreadable IM, readable IM. */
  #rank(slot: number): number {
    const state = this.state(slot);
    if (state === State.Finished || state === State.Reset) return 0;
    const disposition = this.disposition(slot);
    if (disposition === Disposition.LetGo) return 1;
    if (disposition === Disposition.Undecided) return state === State.Opening ? 2 : 3;
    return disposition === Disposition.Opaque ? RANK_IM : RANK_IM + 1;
  }

  /** Exchanges client and server, counters and sequence numbers included. */
  swap(slot: number): void {
    const words = this.words;
    const at = slot * STRIDE;
    const flags = words[at + FLAGS] ?? 0;
    if ((flags & LEAVING) !== 0) return;
    for (let i = 0; i < 4; i++) exchange(words, at + CLIENT + i, at + SERVER + i);
    const ports = words[at + PORTS] ?? 0;
    words[at + PORTS] = (ports << 16) | (ports >>> 16);
    for (const pair of slotOf.PAIRS) exchange(words, at + pair, at + pair + 1);
    const single = (1 << slotOf.PAIRED_BITS) - 1;
    const even = 0x55555555 & ~single;
    let alone = flags & single;
    if ((flags & slotOf.PENDING) !== 0) alone ^= slotOf.PENDING_TO_CLIENT;
    if ((flags & STATE_MASK) === State.Reset) alone ^= slotOf.RESET_TO_CLIENT;
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

  setDisposition(slot: number, disposition: Disposition): void {
    const at = slot * STRIDE + FLAGS;
    const others = (this.words[at] ?? 0) & ~DISPOSITION_MASK;
    this.words[at] = others | (disposition << DISPOSITION_SHIFT);
    if (disposition >= Disposition.LetGo) this.#owner?.released(slot);
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

  /** 4 or 6. */
  ipVersion(slot: number): number {
    return (this.words[slot * STRIDE + TAG] ?? 0) >> 8;
  }

  /** IP protocol number: 6 or 17. */
  transport(slot: number): number {
    return (this.words[slot * STRIDE + TAG] ?? 0) & 255;
  }

  /** -1: none. Of the flow's first packet. */
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
    return addressText(this.words, slot * STRIDE + CLIENT, this.ipVersion(slot));
  }

  serverAddress(slot: number): string {
    return addressText(this.words, slot * STRIDE + SERVER, this.ipVersion(slot));
  }

  /** `address:port`, IPv6 in brackets: FlowReference.client. */
  clientEndpoint(slot: number): string {
    const at = slot * STRIDE + CLIENT;
    return endpointText(this.words, at, this.ipVersion(slot), this.clientPort(slot));
  }

  serverEndpoint(slot: number): string {
    const at = slot * STRIDE + SERVER;
    return endpointText(this.words, at, this.ipVersion(slot), this.serverPort(slot));
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
}

/** A power of two, at least twice the slots. */
function indexPairs(slots: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, 2 * slots)));
}

function insert(index: Int32Array, mask: number, hash: number, slot: number): void {
  let pair = hash & mask;
  while (index[2 * pair + 1] !== 0) pair = (pair + 1) & mask;
  index[2 * pair] = hash;
  index[2 * pair + 1] = slot + 1;
}

/** Closes up the run behind the erased pair, so that no tombstones gather. */
function erase(index: Int32Array, mask: number, hash: number, slot: number): void {
  let hole = hash & mask;
  while (index[2 * hole + 1] !== slot + 1) {
    if (index[2 * hole + 1] === 0) return;
    hole = (hole + 1) & mask;
  }
  for (let pair = (hole + 1) & mask; index[2 * pair + 1] !== 0; pair = (pair + 1) & mask) {
    const home = (index[2 * pair] ?? 0) & mask;
    if (((pair - home) & mask) < ((pair - hole) & mask)) continue;
    index[2 * hole] = index[2 * pair] ?? 0;
    index[2 * hole + 1] = index[2 * pair + 1] ?? 0;
    hole = pair;
  }
  index[2 * hole + 1] = 0;
}

function exchange(numbers: Int32Array | Float64Array, a: number, b: number): void {
  const held = numbers[a] ?? 0;
  numbers[a] = numbers[b] ?? 0;
  numbers[b] = held;
}
