/**
 * The flow table: both directions of a TCP or UDP 5-tuple in one slot, whose number names the flow
 * until it leaves.
 *
 * A hash index (open addressing, keyed hash) points to slots; slots never move. A flow costs 160
 * octets of slot and at most 32 of index: 192 in all. Both are typed arrays that double; slots grow
 * from LAST_COPIED to Limits.flows at once, because copying a hundred megabytes stops the packets
 * for a tenth of a second, and memory that nothing was written to yet costs nothing.
 *
 * Silent flows are found by a cursor that walks the slots as packets pass; a full table gives up
 * the least worthy of the slots next to another cursor. Both do bounded work a packet.
 */
import type { PacketView } from '../decode/packet-view.ts';
import type { Limits } from '../limits.ts';
import { Disposition } from './disposition.ts';
import { HashIndex } from './hash-index.ts';
import { KeyedHash } from './keyed-hash.ts';
import * as slotOf from './layout.ts';
import { State } from './layout.ts';
import { FlowSlots } from './slots.ts';
import { TIMEOUTS } from './timeouts.ts';

const { AFTER_REFUSED, CLIENT, CLIENT_HIGH, DELIVERED, FIRST_TIME, FLAGS, HASH, LAST_TIME } =
  slotOf;
const { LEAVING, MIDSTREAM, NUMBERS, OCTETS, ORIENTED, PACKETS, PORTS, REFUSED, SERVER } = slotOf;
const { SERVER_HIGH, STATE_MASK, STRIDE, TAG, UNANSWERED, VLAN } = slotOf;

const TCP = 6;
const SYN = 2;
const ACK = 16;
const FIRST_CAPACITY = 1024; // slots
const LAST_COPIED = 262144; // slots
/** The walk for silent flows: SWEEP_BATCH slots after SWEEP_PACKETS packets … */
const SWEEP_BATCH = 64;
const SWEEP_PACKETS = 256;
/** … and more when the clock of the packets went on by SWEEP_EVERY microseconds. */
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
  /**
   * The same ends in two VLANs are two flows: for who carries packets, since networks use addresses again, and a
   * router that is reached through a trunk sends a packet back in another VLAN. Else one flow: a capture may
   * show each direction in a VLAN of its own.
   */
  readonly separateVlans?: boolean;
}

export interface FlowCounters {
  created: number;
  timedOut: number;
  evictedLetGo: number;
  /** Over for everybody else, and remembered because its hosts may go on. */
  evictedRefused: number;
  evictedUndecided: number;
  evictedOpaque: number;
  evictedSession: number;
}

export class FlowTable extends FlowSlots {
  /** Whether the last lookup made a new flow. */
  created = false;
  readonly counters: FlowCounters = {
    created: 0,
    timedOut: 0,
    evictedLetGo: 0,
    evictedRefused: 0,
    evictedUndecided: 0,
    evictedOpaque: 0,
    evictedSession: 0,
  };
  readonly #limit: number;
  readonly #hash: KeyedHash;
  readonly #index = new HashIndex();
  readonly #hint: (port: number) => boolean;
  readonly #separateVlans: boolean;
  #owner: FlowOwner | undefined;
  #used = 0; // flows
  #high = 0; // slots ever used
  #free = -1; // first of the freed slots, linked by their HASH word
  #sweepAt = 0;
  #sinceSweep = 0; // packets
  readonly #sweptTime = new Float64Array(1);
  #evictAt = 0;

  /** `hashKey`: four random words; a replay that is to be repeated exactly uses the same. */
  constructor(limits: Limits, hashKey: Uint32Array, options: FlowTableOptions = {}) {
    super();
    this.#limit = Math.max(1, limits.flows);
    this.#hash = new KeyedHash(hashKey);
    this.#hint = options.serverPortHint ?? (() => false);
    this.#separateVlans = options.separateVlans ?? false;
    this.resize(Math.min(FIRST_CAPACITY, this.#limit));
    this.#index.reserve(this.capacity);
  }

  /** At most one owner; told before a slot is freed by the table itself. */
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

  /** Octets of memory in use; slots that were never used are not. */
  get octets(): number {
    return this.#high * STRIDE * 4 + this.#index.pairs.byteLength;
  }

  /**
   * The slot of the packet's flow, made if there is none; sets `direction`, `created`, `current`.
   * Silent and evicted flows leave (FlowOwner.leaving) within this call.
   */
  lookup(view: PacketView): number {
    this.#sweep(view.time);
    const addresses = view.addresses;
    const source = addresses[3] ?? 0;
    const destination = addresses[7] ?? 0;
    const ports = (view.sourcePort << 16) | view.destinationPort;
    const reversed = (view.destinationPort << 16) | view.sourcePort;
    const isIpv4 = view.ipVersion === 4;
    const tag = (view.ipVersion << 8) | view.transport;

    let words = 3;
    const message = this.#hash.message;
    if (source < destination || (source === destination && comesFirst(view))) {
      message[0] = ports;
      message[1] = source;
      message[2] = destination;
      if (!isIpv4) words = fillHigh(message, addresses, 0);
    } else {
      message[0] = reversed;
      message[1] = destination;
      message[2] = source;
      if (!isIpv4) words = fillHigh(message, addresses, 4);
    }
    const hash = this.#hash.of(words);

    const slots = this.words;
    const { pairs, mask } = this.#index;
    for (let pair = hash & mask; ; pair = (pair + 1) & mask) {
      const slot = (pairs[2 * pair + 1] ?? 0) - 1;
      if (slot === -1) break;
      if (pairs[2 * pair] !== hash) continue;
      const at = slot * STRIDE;
      if (slots[at + TAG] !== tag) continue;
      if (this.#separateVlans && slots[at + VLAN] !== view.vlan) continue;
      const client = slots[at + CLIENT];
      const server = slots[at + SERVER];
      const its = slots[at + PORTS];
      if (
        its === ports &&
        client === source &&
        server === destination &&
        (isIpv4 || this.#sameHigh(at, addresses, 0))
      ) {
        this.direction = 0;
      } else if (
        its === reversed &&
        client === destination &&
        server === source &&
        (isIpv4 || this.#sameHigh(at, addresses, 4))
      ) {
        this.direction = 1;
      } else {
        continue;
      }
      if (this.#leavesSilently(slot, view.time)) break;
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
    const packets = at + PACKETS + this.direction;
    numbers[packets] = (numbers[packets] ?? 0) + 1;
    const octets = at + OCTETS + this.direction;
    const length = view.payloadEnd - view.payloadStart + view.payloadMissing;
    numbers[octets] = (numbers[octets] ?? 0) + length;
  }

  /** LetGo and Opaque drop what was kept for reading, at once. */
  setDisposition(slot: number, disposition: Disposition): void {
    this.putDisposition(slot, disposition);
    if (disposition >= Disposition.LetGo) this.#owner?.released(slot);
  }

  /** Frees the slot; says nothing to anybody. */
  remove(slot: number): void {
    const at = slot * STRIDE;
    const words = this.words;
    if (!this.inUse(slot)) return;
    this.#index.erase(words[at + HASH] ?? 0, slot);
    words[at + TAG] = 0;
    words[at + HASH] = this.#free;
    this.#free = slot;
    this.#used--;
  }

  /** Frees all slots at once; says nothing to anybody. */
  clear(): void {
    const words = this.words;
    for (let slot = 0; slot < this.#high; slot++) words[slot * STRIDE + TAG] = 0;
    this.#index.clear();
    this.#high = 0;
    this.#free = -1;
    this.#used = 0;
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
    this.numbers[slot * NUMBERS + FIRST_TIME] = view.time[0] ?? 0;
    this.numbers[slot * NUMBERS + LAST_TIME] = view.time[0] ?? 0;
    this.#used++;
    this.#index.reserve(this.#used);
    this.#index.insert(hash, slot);
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
    const server = 4 - client;
    words[at + CLIENT] = view.addresses[client + 3] ?? 0;
    words[at + SERVER] = view.addresses[server + 3] ?? 0;
    for (let i = 0; i < 3; i++) {
      words[at + CLIENT_HIGH + i] = view.addresses[client + i] ?? 0;
      words[at + SERVER_HIGH + i] = view.addresses[server + i] ?? 0;
    }
    words[at + PORTS] = toServer
      ? (view.sourcePort << 16) | view.destinationPort
      : (view.destinationPort << 16) | view.sourcePort;
    words[at + FLAGS] = flags;
    this.direction = toServer ? 0 : 1;
  }

  /** Whether the high words of client and server are the packet's, the client's at `client`. */
  #sameHigh(at: number, addresses: Int32Array, client: number): boolean {
    const words = this.words;
    for (let i = 0; i < 3; i++) {
      if (words[at + CLIENT_HIGH + i] !== addresses[client + i]) return false;
      if (words[at + SERVER_HIGH + i] !== addresses[4 - client + i]) return false;
    }
    return true;
  }

  #take(): number {
    if (this.#free === -1 && this.#high === this.#limit) this.#evict();
    if (this.#free !== -1) {
      const slot = this.#free;
      this.#free = this.words[slot * STRIDE + HASH] ?? -1;
      return slot;
    }
    if (this.#high === this.capacity) {
      const slots = this.capacity < LAST_COPIED ? this.capacity * 2 : this.#limit;
      this.resize(Math.min(this.#limit, slots));
    }
    return this.#high++;
  }

  #leave(slot: number, cause: 'timeout' | 'evicted'): void {
    this.#conclude(slot, cause);
    this.remove(slot);
  }

  /** Once: what is remembered of a refused flow has no owner any more. */
  #conclude(slot: number, cause: 'timeout' | 'evicted'): void {
    if (((this.words[slot * STRIDE + FLAGS] ?? 0) & LEAVING) !== 0) return;
    if (cause === 'timeout') this.counters.timedOut++;
    this.#owner?.leaving(slot, cause);
  }

  /**
   * Whether the flow was silent too long, and left. One that was refused is over for its owner, but its hosts may
   * ignore what they heard and go on, where no parser would know it any more: its slot stays.
   */
  #leavesSilently(slot: number, time: Float64Array): boolean {
    const at = slot * STRIDE + FLAGS;
    const flags = this.words[at] ?? 0;
    const silence = (time[0] ?? 0) - (this.numbers[slot * NUMBERS + LAST_TIME] ?? 0);
    if (silence <= (TIMEOUTS[flags & STATE_MASK] ?? 0)) return false;
    const mayGoOn =
      silence <= (TIMEOUTS[State.Established] ?? 0) && this.#isRemembered(slot, flags);
    if (!mayGoOn) {
      this.#leave(slot, 'timeout');
      return true;
    }
    if ((flags & LEAVING) === 0) {
      this.#conclude(slot, 'timeout');
      this.putDisposition(slot, Disposition.LetGo);
      this.setState(slot, State.Reset);
      this.words[at] = ((this.words[at] ?? 0) & ~UNANSWERED) | LEAVING | REFUSED;
    }
    return false;
  }

  /** Refused TCP of which both hosts know: more than a SYN went on. */
  #isRemembered(slot: number, flags: number): boolean {
    if ((flags & LEAVING) !== 0) return true;
    if ((flags & (REFUSED | UNANSWERED)) === 0 || this.transport(slot) !== TCP) return false;
    if ((flags & UNANSWERED) !== 0) return (flags & AFTER_REFUSED) !== 0;
    return (flags & (DELIVERED | (DELIVERED << 1))) !== 0 || this.packets(slot, 1) > 0;
  }

  #sweep(time: Float64Array): void {
    const elapsed = (time[0] ?? 0) - (this.#sweptTime[0] ?? 0);
    if (++this.#sinceSweep < SWEEP_PACKETS && elapsed < SWEEP_EVERY) return;
    let visits = elapsed < SWEEP_EVERY ? SWEEP_BATCH : SWEEP_SPARSE;
    if (visits > this.#high) visits = this.#high;
    for (; visits > 0; visits--) {
      const slot = this.#sweepAt < this.#high ? this.#sweepAt : 0;
      this.#sweepAt = slot + 1;
      if (this.inUse(slot)) this.#leavesSilently(slot, time);
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
    if (this.#isLeft(victim)) this.counters.evictedRefused++;
    else if (disposition === Disposition.LetGo) this.counters.evictedLetGo++;
    else if (disposition === Disposition.Undecided) this.counters.evictedUndecided++;
    else if (disposition === Disposition.Opaque) this.counters.evictedOpaque++;
    else this.counters.evictedSession++;
    this.#leave(victim, 'evicted');
  }

  /** Nothing but the memory of a refusal. */
  #isLeft(slot: number): boolean {
    return ((this.words[slot * STRIDE + FLAGS] ?? 0) & LEAVING) !== 0;
  }

  /** Closed, let go or refused, only a SYN (a flood), undecided, unreadable IM, readable IM. */
  #rank(slot: number): number {
    const state = this.state(slot);
    if (this.#isLeft(slot)) return 1;
    if (state === State.Finished || state === State.Reset) return 0;
    const disposition = this.disposition(slot);
    if (disposition === Disposition.LetGo) return 1;
    if (disposition === Disposition.Undecided) return state === State.Opening ? 2 : 3;
    return disposition === Disposition.Opaque ? RANK_IM : RANK_IM + 1;
  }
}

/** The order of ends whose last address words are equal. */
function comesFirst(view: PacketView): boolean {
  const addresses = view.addresses;
  for (let i = 0; i < 3; i++) {
    const source = addresses[i] ?? 0;
    const destination = addresses[4 + i] ?? 0;
    if (source !== destination) return source < destination;
  }
  return view.sourcePort <= view.destinationPort;
}

/** The high words of IPv6 addresses behind the low ones, those at `first` before the others. */
function fillHigh(message: Int32Array, addresses: Int32Array, first: number): number {
  for (let i = 0; i < 3; i++) {
    message[3 + i] = addresses[first + i] ?? 0;
    message[6 + i] = addresses[4 - first + i] ?? 0;
  }
  return 9;
}
