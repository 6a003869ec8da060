/** The memory that parsers share across flows (resumed streams, room directories): bounded, least recently used goes first. */
import { LRUCache } from 'lru-cache';
import type { SharedMemory } from '../../parsers/contract.ts';

export class FlowMemory {
  readonly #entries: LRUCache<string, object>;

  /** `limit` entries over all protocols. */
  constructor(limit: number) {
    this.#entries = new LRUCache({ max: limit });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The part that one protocol sees. */
  of(protocol: string): SharedMemory {
    const entries = this.#entries;
    const prefix = `${protocol}\n`;
    return {
      get: (key) => (entries.get(prefix + key) as { value: unknown } | undefined)?.value,
      set: (key, value) => {
        entries.set(prefix + key, { value });
      },
      delete: (key) => {
        entries.delete(prefix + key);
      },
    };
  }
}
