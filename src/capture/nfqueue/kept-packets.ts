/**
 * Packets that wait in the kernel without a verdict, because the judge keeps a copy that it may send later.
 * What it then sends is recognised by its headers and goes on as that very packet: with its connection,
 * its translated addresses and its route, which a packet of our own would not have.
 */
const IPV4_SOURCE = 12; // before: identification, hop count and checksum, which say nothing of who speaks
const IPV6_HEADER = 40;
/** Octets of the transport header that are compared: ports and, in TCP, the sequence number. */
const TRANSPORT = 8;
const KEY = 4 + 8 + TRANSPORT + IPV6_HEADER;

export class KeptPackets {
  /** Packets that may be kept now; at most as many as there are places. */
  most: number;
  readonly #capacity: number;
  readonly #ids: Int32Array;
  readonly #marks: Int32Array;
  /** Octets of the packet, and one; 0: a free place. */
  readonly #lengths: Int32Array;
  readonly #keys: Uint8Array;
  readonly #since: Float64Array;
  /** Places are used in a ring; the oldest stands at #first. */
  #first = 0;
  #next = 0;
  #used = 0;
  #waiting = 0;

  constructor(capacity: number) {
    this.most = capacity;
    this.#capacity = capacity;
    this.#ids = new Int32Array(capacity);
    this.#marks = new Int32Array(capacity);
    this.#lengths = new Int32Array(capacity);
    this.#keys = new Uint8Array(capacity * KEY);
    this.#since = new Float64Array(capacity);
  }

  get size(): number {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#used >= Math.min(this.most, this.#capacity);
  }

  /** Not when it is full. */
  add(id: number, mark: number, now: number, buffer: Uint8Array, start: number, end: number): void {
    const place = this.#next;
    this.#next = place + 1 === this.#capacity ? 0 : place + 1;
    this.#used++;
    this.#waiting++;
    this.#ids[place] = id;
    this.#marks[place] = mark;
    this.#lengths[place] = end - start + 1;
    this.#since[place] = now;
    writeKey(this.#keys, place * KEY, buffer, start, end);
  }

  /** The place of the oldest packet whose copy this is, or -1. */
  find(buffer: Uint8Array, start: number, end: number): number {
    if (this.#waiting === 0) return -1;
    writeKey(WANTED, 0, buffer, start, end);
    let place = this.#first;
    for (let i = 0; i < this.#used; i++) {
      if (this.#lengths[place] === end - start + 1 && this.#hasKey(place)) return place;
      place = place + 1 === this.#capacity ? 0 : place + 1;
    }
    return -1;
  }

  id(place: number): number {
    return this.#ids[place] ?? 0;
  }

  mark(place: number): number {
    return this.#marks[place] ?? 0;
  }

  remove(place: number): void {
    this.#lengths[place] = 0;
    this.#waiting--;
    while (this.#used > 0 && this.#lengths[this.#first] === 0) this.#advance();
  }

  /** The place of the oldest packet if it was added before `time`, or -1. */
  olderThan(time: number): number {
    if (this.#used === 0 || (this.#since[this.#first] ?? 0) >= time) return -1;
    return this.#first;
  }

  #advance(): void {
    this.#first = this.#first + 1 === this.#capacity ? 0 : this.#first + 1;
    this.#used--;
  }

  #hasKey(place: number): boolean {
    const at = place * KEY;
    for (let i = 0; i < KEY; i++) if (this.#keys[at + i] !== WANTED[i]) return false;
    return true;
  }
}

const WANTED = new Uint8Array(KEY);

/** Addresses, and the beginning of the transport header, of an IP datagram. */
function writeKey(
  keys: Uint8Array,
  at: number,
  buffer: Uint8Array,
  start: number,
  end: number,
): void {
  keys.fill(0, at, at + KEY);
  const isIpv4 = (buffer[start] ?? 0) >>> 4 === 4;
  const from = isIpv4 ? start + IPV4_SOURCE : start + 6; // IPv6: next header and hop count come before
  const header = isIpv4 ? start + ((buffer[start] ?? 0) & 15) * 4 : start + IPV6_HEADER;
  const addressesEnd = isIpv4 ? start + 20 : header;
  let to = at;
  for (let i = from; i < addressesEnd && i < end; i++) keys[to++] = buffer[i] ?? 0;
  for (let i = header; i < header + TRANSPORT && i < end; i++) keys[to++] = buffer[i] ?? 0;
}
