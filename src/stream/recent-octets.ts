/**
 * The last CHUNK octets delivered of each direction that a parser reads, to tell a retransmission
 * from a second copy with other content. Memory for it is a share of the reassembly pool; when
 * half the share is in use, what the receiver acknowledged is forgotten (a copy that comes later
 * cannot change what it has), and when all is, new flows are not remembered.
 */
import { CHUNK, type ChunkPool } from './chunk-pool.ts';

const SHARE = 8; // an eighth of the pool
const MASK = CHUNK - 1;

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

  /** Adds buffer[start, end), which follows in the stream at `sequence`. */
  add(chunk: number, buffer: Uint8Array, start: number, end: number, sequence: number): void {
    const first = Math.max(start, end - CHUNK);
    const slab = this.#pool.slab(chunk);
    const offset = this.#pool.offset(chunk);
    let at = sequence + (first - start);
    for (let i = first; i < end; i++) slab[offset + (at++ & MASK)] = buffer[i] ?? 0;
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
