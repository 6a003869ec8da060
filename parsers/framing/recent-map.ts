/** A map of texts to values that forgets the oldest once it is full, by number or by octets. */
const ENTRY_HELD = 80; // octets of an entry beside its text: measured, and rounded up

export class RecentMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #limit: number;
  readonly #octets: number;
  readonly #weight: number;
  #held = 0;

  /** At most `limit` entries and `octets` octets; a value weighs `weight` octets, whatever it is. */
  constructor(limit: number, octets: number, weight: number) {
    this.#limit = limit;
    this.#octets = octets;
    this.#weight = weight;
  }

  get held(): number {
    return this.#held;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The oldest first. */
  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  set(key: string, value: V): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#held += this.#weightOf(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit && this.#held <= this.#octets) return;
      this.delete(oldest);
    }
  }

  delete(key: string): boolean {
    const known = this.#entries.delete(key);
    if (known) this.#held -= this.#weightOf(key);
    return known;
  }

  #weightOf(key: string): number {
    return ENTRY_HELD + 2 * key.length + this.#weight;
  }
}
