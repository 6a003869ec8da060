/** A map of bounded size: what was put in first is forgotten first. */
const ENTRY_OCTETS = 160; // of a key, a small value and the map's own entry, rounded up

export class RecentMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** False where the oldest entry had to go. */
  set(key: K, value: V): boolean {
    const known = this.#entries.delete(key);
    const full = !known && this.#entries.size >= this.#limit;
    if (full) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, value);
    return !full;
  }

  /** The entry, which is no longer there. */
  take(key: K): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** Memory, octets, without texts beyond 40 characters. */
  held(): number {
    return this.#entries.size * ENTRY_OCTETS;
  }
}
