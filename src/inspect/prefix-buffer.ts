/** The first octets of one direction, for probes: grown by doubling, looked at ever more rarely. */
const FIRST = 512; // octets
const NOTHING = new Uint8Array(0); // most flows are decided by their first segment
const EVERY_LOOK_BELOW = 512; // octets: below this each segment is worth a look

export class PrefixBuffer {
  #octets = NOTHING;
  #looked = 0; // octets at the last look
  used = 0;

  /** Memory, octets. */
  get capacity(): number {
    return this.#octets.length;
  }

  append(segment: Uint8Array): void {
    const needed = this.used + segment.length;
    if (needed > this.#octets.length) {
      const grown = new Uint8Array(Math.max(FIRST, this.#octets.length * 2, needed));
      grown.set(this.#octets.subarray(0, this.used));
      this.#octets = grown;
    }
    this.#octets.set(segment, this.used);
    this.used = needed;
  }

  /**
   * Probes read from the start each time, so that a flow sending octet by octet would cost the
   * square of its length: beyond 512 octets a look is due when an eighth has been added.
   */
  worthALook(limit: number): boolean {
    if (this.used < EVERY_LOOK_BELOW || this.used >= limit) return true;
    return this.used - this.#looked >= this.#looked >> 3;
  }

  look(limit: number): Uint8Array {
    this.#looked = this.used;
    return this.#octets.subarray(0, Math.min(this.used, limit));
  }

  range(start: number, length: number): Uint8Array {
    return this.#octets.subarray(start, Math.min(start + length, this.used));
  }
}
