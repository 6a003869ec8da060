/**
 * Octets of records that are written together: one piece of memory for many envelopes, used again when the
 * database has them. What finds no room in it gets memory of its own.
 */
const PIECE = 1024 * 1024;
/** Octets of a UTF-16 code unit in UTF-8. */
const WIDEST = 3;

export class RecordMemory {
  readonly #octets = Buffer.allocUnsafeSlow(PIECE);
  #used = 0;

  /** Puts together what stands before, the octets from `from` up to `to`, and what stands behind them. */
  put(before: string, octets: Uint8Array, from: number, to: number, behind: string): Buffer {
    const most = (before.length + behind.length) * WIDEST + to - from;
    const own = this.#used + most > PIECE;
    const memory = own ? Buffer.allocUnsafeSlow(most) : this.#octets;
    const begin = own ? 0 : this.#used;
    let end = begin + memory.write(before, begin);
    memory.set(octets.subarray(from, to), end);
    end += to - from;
    end += memory.write(behind, end);
    if (!own) this.#used = end;
    return memory.subarray(begin, end);
  }

  /** Nobody reads what was put there before. */
  reuse(): void {
    this.#used = 0;
  }
}
