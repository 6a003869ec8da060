/** A map that keeps what was used last. */
export class Recent<Key, Value> {
  readonly #most: number;
  // Two generations: one lookup for what is in use, and no list to keep in order.
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  #generation = 0;

  /** At least `most`, at most twice as many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** As long as it is the same, what was got or set last under a key is what `get` gives. */
  get generation(): number {
    return this.#generation;
  }

  get(key: Key): Value | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#generation += 1;
    }
    this.#young.set(key, value);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#generation += 1;
  }
}
