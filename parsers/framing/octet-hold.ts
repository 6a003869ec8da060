/** Octets of an unfinished unit, kept until it is complete: grows by doubling, then lets go. */
const NOTHING = new Uint8Array(0);
const FIRST = 512;

export class OctetHold {
  #octets: Uint8Array = NOTHING;
  #used = 0;

  /** buffer[0, used) is what is kept. */
  get buffer(): Uint8Array {
    return this.#octets;
  }

  get used(): number {
    return this.#used;
  }

  /** Memory occupied, octets. */
  get size(): number {
    return this.#octets.length;
  }

  append(octets: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#octets.length) {
      const grown = new Uint8Array(Math.max(FIRST, needed, 2 * this.#octets.length));
      grown.set(this.#octets.subarray(0, this.#used));
      this.#octets = grown;
    }
    this.#octets.set(octets.subarray(start, end), this.#used);
    this.#used = needed;
  }

  /** Forgets the first `octets`; the others move up. */
  drop(octets: number): void {
    if (octets >= this.#used) this.release();
    else {
      this.#octets.copyWithin(0, octets, this.#used);
      this.#used -= octets;
    }
  }

  release(): void {
    this.#octets = NOTHING;
    this.#used = 0;
  }
}
