/** One datagram under reassembly: its octets in pages, a state for each block of 8. */
import { BLOCK_OCTETS, Block, type FragmentPages, PAGE_OCTETS } from './fragment-pages.ts';

/** What became of a fragment. */
export const Added = {
  /** Octets that were not there. */
  New: 0,
  /** Exactly a fragment that was there. */
  Duplicate: 1,
  /** Some octets were there, and are the same. */
  Overlap: 2,
  /** Some octets were there and differ, or the ends disagree. */
  Conflict: 3,
  NoMemory: 4,
} as const;
export type Added = (typeof Added)[keyof typeof Added];

export class Datagram {
  readonly key: string;
  /** Microseconds since 1970. */
  readonly since: number;
  /** Of the fragment at offset 0 (RFC 8200 §4.5); -1 before. */
  nextHeader = -1;
  /** It contradicted itself: its fragments are dropped until it times out (RFC 5722). */
  refused = false;
  readonly #pages: (Uint8Array | undefined)[] = [];
  #blocks = 0; // received
  #reach = 0; // end of the fragment that reaches farthest
  #total = -1; // octets in all, once the last fragment was seen

  constructor(key: string, since: number) {
    this.key = key;
    this.since = since;
  }

  get complete(): boolean {
    return this.#total >= 0 && this.#blocks === Math.ceil(this.#total / BLOCK_OCTETS);
  }

  /** Octets in all; meaningful when complete. */
  get total(): number {
    return this.#total;
  }

  /**
   * Adds buffer[start, end) at `offset`; of octets that are there already the first copy stays. A
   * fragment that is not the last has a length that is a multiple of 8.
   */
  add(
    pages: FragmentPages,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    more: boolean,
  ): Added {
    const reach = offset + (end - start);
    if (this.#total >= 0 && (more ? reach > this.#total : reach !== this.#total)) {
      return Added.Conflict;
    }
    if (!more && this.#reach > reach) return Added.Conflict;
    for (let at = offset; at < reach; at = (at | (PAGE_OCTETS - 1)) + 1) {
      this.#pages[(at / PAGE_OCTETS) | 0] ??= pages.take();
      if (this.#pages[(at / PAGE_OCTETS) | 0] === undefined) return Added.NoMemory;
    }
    if (!more) this.#total = reach;
    if (reach > this.#reach) this.#reach = reach;
    return this.#copy(buffer, start, offset, reach);
  }

  #copy(buffer: Uint8Array, start: number, offset: number, reach: number): Added {
    let present = 0;
    let fresh = 0;
    let same = true;
    let sameCut = true;
    for (let at = offset; at < reach; at += BLOCK_OCTETS) {
      const page = this.#pages[(at / PAGE_OCTETS) | 0];
      if (page === undefined) return Added.NoMemory;
      const to = at % PAGE_OCTETS;
      const state = PAGE_OCTETS + to / BLOCK_OCTETS;
      const from = start + (at - offset);
      const octets = Math.min(BLOCK_OCTETS, reach - at);
      const expected = at === offset ? Block.First : Block.Later;
      if (page[state] === Block.Missing) {
        for (let i = 0; i < octets; i++) page[to + i] = buffer[from + i] ?? 0;
        page[state] = expected;
        fresh++;
      } else {
        present++;
        if (page[state] !== expected) sameCut = false;
        for (let i = 0; i < octets; i++) if (page[to + i] !== buffer[from + i]) same = false;
      }
    }
    this.#blocks += fresh;
    if (present === 0) return Added.New;
    if (!same) return Added.Conflict;
    return fresh === 0 && sameCut && !this.#goesOn(reach) ? Added.Duplicate : Added.Overlap;
  }

  /** Whether the fragment whose octets end at `at` was longer when it was first seen. */
  #goesOn(at: number): boolean {
    const page = this.#pages[(at / PAGE_OCTETS) | 0];
    return page?.[PAGE_OCTETS + (at % PAGE_OCTETS) / BLOCK_OCTETS] === Block.Later;
  }

  /** Writes the whole to out[0, total). */
  assemble(out: Uint8Array): void {
    for (let at = 0; at < this.#total; at += PAGE_OCTETS) {
      const page = this.#pages[at / PAGE_OCTETS];
      const octets = Math.min(PAGE_OCTETS, this.#total - at);
      if (page !== undefined) out.set(page.subarray(0, octets), at);
    }
  }

  /** Gives its memory back. */
  release(pages: FragmentPages): void {
    for (const page of this.#pages) if (page !== undefined) pages.give(page);
    this.#pages.length = 0;
  }
}
