/**
 * HalfSipHash-1-3 over int32 words (Aumasson and Bernstein, https://github.com/veorq/SipHash):
 * without the key nobody can choose addresses and ports that fall together in the flow table.
 */
export class KeyedHash {
  readonly #k0: number;
  readonly #k1: number;
  readonly #k2: number;
  readonly #k3: number;
  /** What is hashed: filled by the caller, [0, words). */
  readonly message: Int32Array = new Int32Array(9);

  /** `key`: four random words. */
  constructor(key: Uint32Array) {
    this.#k0 = (key[0] ?? 0) | 0;
    this.#k1 = (key[1] ?? 0) | 0;
    this.#k2 = (key[2] ?? 0) ^ 0x6c796765;
    this.#k3 = (key[3] ?? 0) ^ 0x74656462;
  }

  /** Hash of message[0, words), int32. */
  of(words: number): number {
    const message = this.message;
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = this.#k2;
    let v3 = this.#k3;
    // One round a word, then three rounds to finish.
    for (let i = 0; i < words + 3; i++) {
      const m = i < words ? (message[i] ?? 0) : 0;
      if (i === words) v2 ^= 0xff;
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
    }
    return v1 ^ v3;
  }
}
