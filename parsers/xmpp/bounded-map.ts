/**
 * A map that forgets what was set longest ago once it is full, by number or by octets, and knows
 * what it occupies. What `weigh` says of a value must not change while it is in.
 */
const ENTRY_HELD = 80; // octets of an entry beside its texts: measured, and rounded up

export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #limit: number;
  readonly #octets: number;
  readonly #weigh: (value: V) => number;
  #held = 0;

  /** At most `limit` entries; at most `octets`, but for one entry that is larger alone. */
  constructor(limit: number, octets: number, weigh: (value: V) => number = () => 0) {
    this.#limit = limit;
    this.#octets = octets;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Memory occupied, octets. */
  get held(): number {
    return this.#held;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: V): void {
    this.delete(key);
    const weight = this.#weightOf(key, value);
    while (
      this.#entries.size > 0 &&
      (this.#entries.size >= this.#limit || this.#held + weight > this.#octets)
    )
      this.#forgetOldest();
    this.#entries.set(key, value);
    this.#held += weight;
  }

  /** The value, which is forgotten. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.delete(key);
    return value;
  }

  delete(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#held -= this.#weightOf(key, value);
    this.#entries.delete(key);
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  #weightOf(key: string, value: V): number {
    return ENTRY_HELD + 2 * key.length + this.#weigh(value);
  }

  #forgetOldest(): void {
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.delete(oldest.value);
  }
}
