/** Numbers from 0 on, one bit each: a million conversations are 125 kB. */
const FIRST_OCTETS = 1024;

export class NumberSet {
  #bits = new Uint8Array(FIRST_OCTETS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return ((this.#bits[Math.floor(number / 8)] ?? 0) & (1 << (number % 8))) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const at = Math.floor(number / 8);
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (number % 8));
    this.#size += 1;
  }

  /** Ascending. */
  *[Symbol.iterator](): Iterator<number> {
    for (const [at, octet] of this.#bits.entries()) {
      for (let bit = 0; bit < 8 && octet >> bit !== 0; bit++) {
        if ((octet & (1 << bit)) !== 0) yield 8 * at + bit;
      }
    }
  }
}
