/**
 * From hashes to slots: open addressing with linear probing, at most half full. An erased entry's
 * run is closed up, so that no tombstones gather.
 */
export class HashIndex {
  /** Pairs: hash, 1 + slot (0: empty). */
  pairs: Int32Array = new Int32Array(0);
  /** Number of pairs, a power of two, less one. */
  mask = -1;

  /**
   * Room for so many entries; what is in it stays. Doubling copies from one end to the other and
   * writes at two places, and so takes milliseconds for a million.
   */
  reserve(entries: number): void {
    if (2 * entries <= this.mask + 1) return;
    const before = this.pairs;
    const pairs = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * entries)));
    this.pairs = new Int32Array(2 * pairs);
    this.mask = pairs - 1;
    for (let at = 0; at < before.length; at += 2) {
      const slot = (before[at + 1] ?? 0) - 1;
      if (slot !== -1) this.insert(before[at] ?? 0, slot);
    }
  }

  insert(hash: number, slot: number): void {
    const { pairs, mask } = this;
    let pair = hash & mask;
    while (pairs[2 * pair + 1] !== 0) pair = (pair + 1) & mask;
    pairs[2 * pair] = hash;
    pairs[2 * pair + 1] = slot + 1;
  }

  clear(): void {
    this.pairs.fill(0);
  }

  erase(hash: number, slot: number): void {
    const { pairs, mask } = this;
    let hole = hash & mask;
    while (pairs[2 * hole + 1] !== slot + 1) {
      if (pairs[2 * hole + 1] === 0) return;
      hole = (hole + 1) & mask;
    }
    for (let pair = (hole + 1) & mask; pairs[2 * pair + 1] !== 0; pair = (pair + 1) & mask) {
      const home = (pairs[2 * pair] ?? 0) & mask;
      if (((pair - home) & mask) < ((pair - hole) & mask)) continue;
      pairs[2 * hole] = pairs[2 * pair] ?? 0;
      pairs[2 * hole + 1] = pairs[2 * pair + 1] ?? 0;
      hole = pair;
    }
    pairs[2 * hole + 1] = 0;
  }
}
