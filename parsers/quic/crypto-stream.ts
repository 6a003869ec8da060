/**
 * Octets of the handshake as CRYPTO frames bring them: in any order, over several packets. Of an octet that comes
 * twice the first counts, as with TCP segments. Offsets beyond the limit are passed over: no hello reaches there.
 */

/** Octets of a handshake that are kept; real hellos have some 4 KB at most. */
export const CRYPTO_LIMIT = 16_384;
const FIRST_SIZE = 2048;

const NOTHING = new Uint8Array(0);

export class CryptoStream {
  #octets = NOTHING;
  /** 1 for each octet behind `whole` that is there; none is made while they come in order. */
  #there = NOTHING;
  #whole = 0;
  /** An octet came twice and was not the same. */
  hasConflict = false;

  /** payload[start, end) stands at `offset`. */
  add(offset: number, payload: Uint8Array, start: number, end: number): void {
    const last = Math.min(offset + (end - start), CRYPTO_LIMIT);
    if (offset >= last) return;
    this.#grow(last);
    const isAhead = offset > this.#whole;
    if (isAhead && this.#there.length === 0) this.#there = new Uint8Array(this.#octets.length);
    const octets = this.#octets;
    const there = this.#there;
    const whole = this.#whole;
    for (let i = offset; i < last; i++) {
      const octet = payload[start + i - offset] ?? 0;
      if (i < whole || there[i] === 1) this.hasConflict ||= octets[i] !== octet;
      else {
        octets[i] = octet;
        if (isAhead) there[i] = 1;
      }
    }
    if (!isAhead && last > whole) this.#whole = last;
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
    this.#octets = NOTHING;
    this.#there = NOTHING;
    this.#whole = 0;
    this.hasConflict = false;
  }

  held(): number {
    return this.#octets.length + this.#there.length;
  }

  #grow(length: number): void {
    if (length <= this.#octets.length) return;
    let size = Math.max(FIRST_SIZE, this.#octets.length);
    while (size < length) size *= 2;
    this.#octets = copied(this.#octets, size);
    if (this.#there.length > 0) this.#there = copied(this.#there, size);
  }
}

function copied(octets: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(size);
  copy.set(octets);
  return copy;
}
