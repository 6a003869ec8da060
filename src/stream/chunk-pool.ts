/**
 * Memory for octets that wait or are remembered: chunks of CHUNK octets, numbered, cut from slabs
 * that are made when needed and kept. Taking and giving back costs no allocation.
 */

/** Octets a chunk: a full Ethernet segment fits. A power of two. */
export const CHUNK = 2048;
const SLAB_CHUNKS = 128;
/** Where in each slab a chunk lies that is never taken: for what is copied in two steps. */
export const SPARE: number = SLAB_CHUNKS * CHUNK;
const SLAB: number = SPARE + CHUNK; // octets

export class ChunkPool {
  /** Chunks that may be in use at a time. */
  readonly limit: number;
  /** Chunks in use. */
  used = 0;
  readonly #slabs: Uint8Array[] = [];
  #free = new Int32Array(SLAB_CHUNKS);
  #freed = 0;

  /** `octets`: what all chunks together may occupy. */
  constructor(octets: number) {
    this.limit = Math.floor(octets / CHUNK);
  }

  /** A chunk's number, or -1 at the limit. */
  take(): number {
    if (this.used >= this.limit) return -1;
    if (this.#freed === 0) this.#addSlab();
    this.used++;
    return this.#free[--this.#freed] ?? -1;
  }

  give(chunk: number): void {
    this.#free[this.#freed++] = chunk;
    this.used--;
  }

  /** The memory that the chunk lies in, from `offset(chunk)`. */
  slab(chunk: number): Uint8Array {
    return this.#slabs[Math.floor(chunk / SLAB_CHUNKS)] ?? NONE;
  }

  offset(chunk: number): number {
    return (chunk % SLAB_CHUNKS) * CHUNK;
  }

  /** Octets of slabs held. */
  get octets(): number {
    return this.#slabs.length * SLAB;
  }

  #addSlab(): void {
    const first = this.#slabs.length * SLAB_CHUNKS;
    this.#slabs.push(new Uint8Array(SLAB));
    this.#free = new Int32Array(first + SLAB_CHUNKS);
    for (let i = 0; i < SLAB_CHUNKS; i++) this.#free[i] = first + SLAB_CHUNKS - 1 - i;
    this.#freed = SLAB_CHUNKS;
  }
}

const NONE = new Uint8Array(CHUNK);
