/** Do all workers advance? Each counts up its own word of shared memory at every turn of its loop. */
export class Pulse {
  readonly #beats: Int32Array;
  readonly #seen: Int32Array;

  constructor(beats: Int32Array) {
    this.#beats = beats;
    this.#seen = beats.slice();
  }

  /** True when every worker has advanced since the last time it was true. */
  advanced(): boolean {
    for (let n = 0; n < this.#beats.length; n++) {
      if (Atomics.load(this.#beats, n) === this.#seen[n]) return false;
    }
    for (let n = 0; n < this.#beats.length; n++) this.#seen[n] = Atomics.load(this.#beats, n);
    return true;
  }
}
