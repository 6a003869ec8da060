/**
 * The last CHUNK octets delivered of each direction that a parser reads, to tell a retransmission
 * from a second copy with other content. Memory for it is a share of the reassembly pool; when
 * half the share is in use, what the receiver acknowledged is forgotten (a copy that comes later
 * cannot change what it has), and when all is, new flows are not remembered.
 */
import { CHUNK, type ChunkPool, SPARE } from './chunk-pool.ts';

const SHARE = 8; // an eighth of the pool
const MASK = CHUNK - 1;
/** Up to so many octets a loop is quicker than the copy of the JavaScript engine. */
const FEW = 64;

export class RecentOctets {
  readonly #pool: ChunkPool;
  readonly #limit: number;
  #used = 0;
  /** By chunk: sequence number of the first octet that is remembered. */
  #from = new Int32Array(128);

  constructor(pool: ChunkPool) {
    this.#pool = pool;
    this.#limit = Math.floor(pool.limit / SHARE);
  }

  /** Whether what is acknowledged should be forgotten. */
  get isTight(): boolean {
    return this.#used > this.#limit >> 1;
  }

  /** A chunk that remembers from `sequence` on, or -1. */
  open(sequence: number): number {
    if (this.#used >= this.#limit) return -1;
    const chunk = this.#pool.take();
    if (chunk === -1) return -1;
    this.#used++;
    if (chunk >= this.#from.length) {
      const from = new Int32Array(Math.max(chunk + 1, this.#from.length * 2));
      from.set(this.#from);
      this.#from = from;
    }
    this.#from[chunk] = sequence;
    return chunk;
  }

  close(chunk: number): void {
    this.#pool.give(chunk);
    this.#used--;
  }

  /** Adds octets that follow in the stream at `sequence`. */
  add(chunk: number, octets: Uint8Array, sequence: number): void {
    const slab = this.#pool.slab(chunk);
    const offset = this.#pool.offset(chunk);
    const { length } = octets;
    const at = sequence & MASK;
    if (length <= FEW) {
      for (let i = 0; i < length; i++) slab[offset + ((at + i) & MASK)] = octets[i] ?? 0;
    } else if (at + length <= CHUNK) slab.set(octets, offset + at);
    else if (length > CHUNK)
      this.add(chunk, octets.subarray(length - CHUNK), sequence + length - CHUNK);
    else {
      // Round the end of the chunk, without a view of either part.
      const turn = SPARE + CHUNK - at;
      slab.set(octets, SPARE);
      slab.copyWithin(offset + at, SPARE, turn);
      slab.copyWithin(offset, turn, SPARE + length);
    }
  }

  /**
   * Whether buffer[start, end) at `sequence` agrees with what is remembered of it; `next` is the
   * sequence number behind the last octet added.
   */
  agrees(
    chunk: number,
    next: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    sequence: number,
  ): boolean {
    let from = this.#from[chunk] ?? next;
    if (((next - CHUNK - from) | 0) > 0) from = (next - CHUNK) | 0;
    const first = start + Math.max(0, (from - sequence) | 0);
    const last = Math.min(end, start + ((next - sequence) | 0));
    const slab = this.#pool.slab(chunk);
    const offset = this.#pool.offset(chunk);
    for (let i = first; i < last; i++) {
      if (slab[offset + ((sequence + (i - start)) & MASK)] !== buffer[i]) return false;
    }
    return true;
  }
}
