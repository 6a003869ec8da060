/** Files of a thread, each counted once: offer, start and end of a transfer, and its other leg, are one file. */
import { LRUCache } from 'lru-cache';
import type { EventFacts } from './event-facts.ts';

const REMEMBERED = 4096;
/** Microseconds: the same token later is another file. */
const WINDOW = 3600e6;
const KINDS = new Set<string | undefined>(['file.offer', 'file.start', 'file.complete']);

export class Transfers {
  readonly #seen = new LRUCache<string, number>({ max: REMEMBERED });

  /** True for the first event of a file. Ask once for each event. */
  isNew({ kind, service, file, sender }: EventFacts, thread: number, time: number): boolean {
    if (!isTransfer(kind)) return false;
    // Without anything that ties them together, offers alone are counted.
    if (file === undefined) return kind === 'file.offer';
    const key = `${thread}\n${service}\n${sender ?? ''}\n${file}`;
    const before = this.#seen.get(key);
    this.#seen.set(key, time);
    return before === undefined || Math.abs(time - before) > WINDOW;
  }
}

export function isTransfer(kind: string | undefined): boolean {
  return KINDS.has(kind);
}
