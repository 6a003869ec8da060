/**
 * Octets of the handshake as CRYPTO frames bring them: in any order, over several packets. Of an octet that comes
 * twice the first counts, as with TCP segments. Offsets beyond the limit are passed over: no hello reaches there.
 */

/** Octets of a handshake that are kept; real hellos have some 4 KB at most. */
export const CRYPTO_LIMIT = 16_384;
const FIRST_SIZE = 2048;

export class CryptoStream {
  #octets = new Uint8Array(0);
  /** 1 for each octet that is there. */
  #there = new Uint8Array(0);
  #whole = 0;
  /** An octet came twice and was not the same. */
  hasConflict = false;

  /** payload[start, end) stands at `offset`. */
  add(offset: number, payload: Uint8Array, start: number, end: number): void {
    const last = Math.min(offset + (end - start), CRYPTO_LIMIT);
    if (offset >= last) return;
    this.#grow(last);
    const octets = this.#octets;
    const there = this.#there;
    for (let i = offset; i < last; i++) {
      const octet = payload[start + i - offset] ?? 0;
      if (there[i] === 1) this.hasConflict ||= octets[i] !== octet;
      else {
        octets[i] = octet;
        there[i] = 1;
      }
    }
    while (there[this.#whole] === 1) this.#whole += 1;
  }

  /** Octets from the start without a hole. */
  get whole(): number {
    return this.#whole;
  }

  /** Its first `whole` octets count; the array is exchanged when it grows. */
  get octets(): Uint8Array {
    return this.#octets;
  }

  clear(): void {
    this.#octets = new Uint8Array(0);
    this.#there = new Uint8Array(0);
    this.#whole = 0;
  }

  held(): number {
    return 2 * this.#octets.length;
  }

  #grow(length: number): void {
    if (length <= this.#octets.length) return;
    let size = Math.max(FIRST_SIZE, this.#octets.length);
    while (size < length) size *= 2;
    const octets = new Uint8Array(size);
    const there = new Uint8Array(size);
    octets.set(this.#octets);
    there.set(this.#there);
    this.#octets = octets;
    this.#there = there;
  }
}
