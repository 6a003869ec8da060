/** A map that forgets the oldest entry once it is full, by number or by octets, and knows its weight. */
const ENTRY_HELD = 80; // octets of an entry beside its texts: measured, and rounded up

export class RecentMap<V, K extends string | number = string> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  readonly #octets: number;
  readonly #weight: number | ((value: V) => number);
  #held = 0;

  /**
   * At most `limit` entries and `octets` octets. `weight`: octets of a value, the same for all or for
   * each; a value weighs the same as long as it is here.
   */
  constructor(limit: number, octets: number, weight: number | ((value: V) => number)) {
    this.#limit = limit;
    this.#octets = octets;
    this.#weight = weight;
  }

  /** Memory, octets. */
  get held(): number {
    return this.#held;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The oldest first. */
  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  /** The entry is the newest now. False where others had to go. */
  set(key: K, value: V): boolean {
    this.delete(key);
    this.#entries.set(key, value);
    this.#held += this.#weightOf(key, value);
    if (!this.#isFull()) return true;
    for (const oldest of this.#entries.keys()) {
      this.delete(oldest);
      if (!this.#isFull()) break;
    }
    return false;
  }

  /** The entry, which is no longer there. */
  take(key: K): V | undefined {
    const value = this.#entries.get(key);
    this.delete(key);
    return value;
  }

  delete(key: K): boolean {
    const value = this.#entries.get(key);
    if (!this.#entries.delete(key)) return false;
    this.#held -= this.#weightOf(key, value as V);
    return true;
  }

  #isFull(): boolean {
    return this.#entries.size > this.#limit || this.#held > this.#octets;
  }

  #weightOf(key: K, value: V): number {
    const weight = typeof this.#weight === 'number' ? this.#weight : this.#weight(value);
    return ENTRY_HELD + 2 * (typeof key === 'string' ? key.length : 0) + weight;
  }
}
