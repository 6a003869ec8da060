/**
 * A set of protocols of one registry: a bit each, in as many int32 words as they need.
 */
const BITS = 32; // a word

export class ProtocolBits {
  readonly words: Int32Array;

  constructor(protocols: number) {
    this.words = new Int32Array(wordsFor(protocols));
  }

  has(i: number): boolean {
    return ((this.words[i >> 5] ?? 0) & (1 << (i & 31))) !== 0;
  }

  add(i: number): void {
    this.words[i >> 5] = (this.words[i >> 5] ?? 0) | (1 << (i & 31));
  }

  remove(i: number): void {
    this.words[i >> 5] = (this.words[i >> 5] ?? 0) & ~(1 << (i & 31));
  }

  /** The first `protocols` of them. */
  fill(protocols: number): void {
    for (let i = 0; i < protocols; i++) this.add(i);
  }

  addAll(others: ProtocolBits): void {
    for (let w = 0; w < this.words.length; w++)
      this.words[w] = (this.words[w] ?? 0) | (others.words[w] ?? 0);
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Keeps those that are also in `of[at, …)`. */
  keep(of: Int32Array, at: number): void {
    for (let w = 0; w < this.words.length; w++)
      this.words[w] = (this.words[w] ?? 0) & (of[at + w] ?? 0);
  }

  get isEmpty(): boolean {
    for (let w = 0; w < this.words.length; w++) if (this.words[w] !== 0) return false;
    return true;
  }
}

export function wordsFor(protocols: number): number {
  return Math.max(1, Math.ceil(protocols / BITS));
}
