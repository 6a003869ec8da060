/** A map of bounded size that knows its weight: what was put in first is forgotten first. */
const ENTRY_OCTETS = 160; // of an entry without its texts: measured, and rounded up

export class RecentMap<K extends string | number, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  readonly #textOf: (value: V) => number;
  #held = 0;

  /** `textOf`: characters of text in a value. */
  constructor(limit: number, textOf: (value: V) => number) {
    this.#limit = limit;
    this.#textOf = textOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** False where the oldest entry had to go. */
  set(key: K, value: V): boolean {
    const known = this.take(key) !== undefined;
    const full = !known && this.#entries.size >= this.#limit;
    if (full) {
      for (const oldest of this.#entries.keys()) {
        this.take(oldest);
        break;
      }
    }
    this.#entries.set(key, value);
    this.#held += this.#weightOf(key, value);
    return !full;
  }

  /** The entry, which is no longer there. */
  take(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#held -= this.#weightOf(key, value);
    return value;
  }

  /** Memory, octets. */
  get held(): number {
    return this.#held;
  }

  #weightOf(key: K, value: V): number {
    const characters = this.#textOf(value) + (typeof key === 'string' ? key.length : 0);
    return ENTRY_OCTETS + 2 * characters;
  }
}
