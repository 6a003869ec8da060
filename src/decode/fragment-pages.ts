/**
 * Memory for fragments: pages handed out as octets arrive, so that a small fragment at a large
 * offset costs one page and not a datagram; bounded in all, kept for reuse.
 *
 *     page   octets(4096) state of each block of 8 octets(512)
 */
export const PAGE_OCTETS = 4096;
export const BLOCK_OCTETS = 8;

/** States of a block. */
export const Block = {
  Missing: 0,
  /** The first of a fragment. */
  First: 1,
  /** Not the first of a fragment. */
  Later: 2,
} as const;

export class FragmentPages {
  readonly #free: Uint8Array[] = [];
  #made = 0;
  readonly #most: number;

  /** @param octets of memory in all, Limits.fragmentOctets */
  constructor(octets: number) {
    this.#most = Math.max(1, Math.floor(octets / PAGE_OCTETS));
  }

  /** A page with all blocks missing, or undefined at the limit. */
  take(): Uint8Array | undefined {
    const page = this.#free.pop();
    if (page !== undefined) {
      page.fill(Block.Missing, PAGE_OCTETS);
      return page;
    }
    if (this.#made === this.#most) return undefined;
    this.#made++;
    return new Uint8Array(PAGE_OCTETS + PAGE_OCTETS / BLOCK_OCTETS);
  }

  give(page: Uint8Array): void {
    this.#free.push(page);
  }
}
