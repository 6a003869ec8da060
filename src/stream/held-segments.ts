/**
 * Out-of-order octets of one direction: a sorted list of pieces that do not overlap, first copy
 * wins. A piece is octets in a chunk, or (chunk -1) octets that passed without being captured.
 *
 * Every piece is charged a whole chunk and their number is bounded, so that tiny segments cost
 * neither memory nor time beyond the bound: an insertion moves at most `limit` entries.
 */
import { CHUNK, type ChunkPool } from './chunk-pool.ts';

const ENTRY = 3; // words: sequence, length, chunk
const SEQUENCE = 0;
const LENGTH = 1;
const PIECE_CHUNK = 2;
const FIRST_ENTRIES = 8;

export class HeldSegments {
  /** Pieces. */
  count = 0;
  /** Segments that came since the hole in front became the first. */
  arrivals = 0;
  /** Packets of the flow since the receiver acknowledged the hole. */
  patience = 0;
  /** The receiver spoke since the hole in front is waited for. */
  heard = false;
  /** [0]: since when the hole in front is waited for; [1]: since when it is acknowledged. */
  readonly since: Float64Array = new Float64Array(2);
  /** The last insertion brought other octets for a place already taken. */
  conflict = false;
  readonly #pool: ChunkPool;
  readonly #limit: number; // pieces
  #entries = new Int32Array(FIRST_ENTRIES * ENTRY);
  #head = 0; // entries before the first

  constructor(pool: ChunkPool, limit: number) {
    this.#pool = pool;
    this.#limit = limit;
  }

  get firstSequence(): number {
    return this.#entries[this.#head * ENTRY + SEQUENCE] ?? 0;
  }

  get firstLength(): number {
    return this.#entries[this.#head * ENTRY + LENGTH] ?? 0;
  }

  /** -1: not captured. */
  get firstChunk(): number {
    return this.#entries[this.#head * ENTRY + PIECE_CHUNK] ?? -1;
  }

  /** Sequence number behind the last piece. */
  get end(): number {
    return this.#endOf(this.count - 1);
  }

  /** Takes the first piece off the list; its chunk is the caller's to give back. */
  shift(): void {
    this.#head++;
    this.count--;
    if (this.count === 0) this.#head = 0;
  }

  /** Gives every chunk back. */
  clear(): void {
    for (; this.count > 0; this.shift()) {
      if (this.firstChunk !== -1) this.#pool.give(this.firstChunk);
    }
    this.arrivals = 0;
    this.patience = 0;
  }

  /**
   * Keeps what is new of source[start, end) at `sequence`; without a source, of octets that were
   * not captured. False: no room, though some of it may have been kept; insert it again later.
   */
  insert(source: Uint8Array | undefined, start: number, end: number, sequence: number): boolean {
    this.conflict = false;
    let at = sequence;
    let i = this.#search(at);
    let from = start;
    while (from < end) {
      const ahead = i < this.count ? (this.#word(i, SEQUENCE) - at) | 0 : end - from;
      if (ahead <= 0) {
        const overlap = Math.min((this.#endOf(i) - at) | 0, end - from);
        if (source !== undefined && !this.#same(i, at, source, from, overlap)) this.conflict = true;
        from += overlap;
        at = (at + overlap) | 0;
        i++;
        continue;
      }
      let length = Math.min(ahead, end - from);
      if (source === undefined) {
        if (!this.#add(i, at, length, -1)) return false;
        i++;
      } else {
        const appended = this.#append(i - 1, at, source, from, length);
        if (appended > 0) {
          length = appended;
        } else {
          length = Math.min(length, CHUNK);
          const chunk = this.#pool.take();
          if (chunk === -1) return false;
          if (!this.#add(i, at, length, chunk)) {
            this.#pool.give(chunk);
            return false;
          }
          this.#copy(source, from, length, chunk, 0);
          i++;
        }
      }
      from += length;
      at = (at + length) | 0;
    }
    return true;
  }

  /** Whether the first piece, from its octet `skip` on, agrees with source[from, from + length). */
  firstAgrees(skip: number, source: Uint8Array, from: number, length: number): boolean {
    return this.#same(0, (this.firstSequence + skip) | 0, source, from, length);
  }

  #word(i: number, word: number): number {
    return this.#entries[(this.#head + i) * ENTRY + word] ?? 0;
  }

  #endOf(i: number): number {
    return (this.#word(i, SEQUENCE) + this.#word(i, LENGTH)) | 0;
  }

  /** The first piece that ends behind `sequence`. */
  #search(sequence: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((this.#endOf(middle) - sequence) | 0) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #same(i: number, at: number, source: Uint8Array, from: number, length: number): boolean {
    const chunk = this.#word(i, PIECE_CHUNK);
    if (chunk === -1) return true;
    const slab = this.#pool.slab(chunk);
    const offset = this.#pool.offset(chunk) + ((at - this.#word(i, SEQUENCE)) | 0);
    for (let k = 0; k < length; k++) if (slab[offset + k] !== source[from + k]) return false;
    return true;
  }

  /** Octets that fitted behind piece `i`, which must end at `at`. */
  #append(i: number, at: number, source: Uint8Array, from: number, length: number): number {
    if (i < 0 || this.#endOf(i) !== at) return 0;
    const chunk = this.#word(i, PIECE_CHUNK);
    if (chunk === -1) return 0;
    const used = this.#word(i, LENGTH);
    const fits = Math.min(length, CHUNK - used);
    this.#copy(source, from, fits, chunk, used);
    this.#entries[(this.#head + i) * ENTRY + LENGTH] = used + fits;
    return fits;
  }

  #copy(source: Uint8Array, from: number, length: number, chunk: number, offset: number): void {
    const range = source.subarray(from, from + length);
    this.#pool.slab(chunk).set(range, this.#pool.offset(chunk) + offset);
  }

  #add(i: number, sequence: number, length: number, chunk: number): boolean {
    if (this.count >= this.#limit) return false;
    if ((this.#head + this.count) * ENTRY === this.#entries.length) this.#makeRoom();
    const at = (this.#head + i) * ENTRY;
    this.#entries.copyWithin(at + ENTRY, at, (this.#head + this.count) * ENTRY);
    this.#entries[at + SEQUENCE] = sequence;
    this.#entries[at + LENGTH] = length;
    this.#entries[at + PIECE_CHUNK] = chunk;
    this.count++;
    return true;
  }

  #makeRoom(): void {
    const used = this.#entries.subarray(this.#head * ENTRY, (this.#head + this.count) * ENTRY);
    if (this.#head < this.count) {
      const entries = new Int32Array(this.#entries.length * 2);
      entries.set(used);
      this.#entries = entries;
    } else {
      this.#entries.copyWithin(0, this.#head * ENTRY);
    }
    this.#head = 0;
  }
}
