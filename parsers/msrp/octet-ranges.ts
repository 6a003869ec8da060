/** A message put together from its chunks, in whatever order they come (RFC 4975 §7.3.1). */
import { RANGES_LIMIT } from './msrp-limits.ts';

const NOTHING = new Uint8Array(0);
const FIRST = 2048;

export class OctetRanges {
  readonly #limit: number;
  #octets: Uint8Array = NOTHING;
  /** [from, to) pairs that are there, in order, apart from each other. */
  #ranges: number[] = [];
  /** Behind the last octet that is there. */
  length = 0;
  /** Octets came twice, and differed. */
  overlapped = false;
  /** Octets beyond the limit were left out. */
  truncated = false;

  /** `limit`: octets of a message that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get buffer(): Uint8Array {
    return this.#octets;
  }

  get size(): number {
    return this.#octets.length;
  }

  /** All octets [0, total) are there. */
  covers(total: number): boolean {
    const [from = 1, to = 0] = this.#ranges;
    return total === 0 || (from === 0 && to >= Math.min(total, this.#limit));
  }

  /** Later octets take the place of earlier ones. */
  put(at: number, octets: Uint8Array): void {
    const room = this.#limit - at;
    if (octets.length > room) this.truncated = true;
    if (room <= 0 || octets.length === 0) return;
    const part = octets.length > room ? octets.subarray(0, room) : octets;
    const end = at + part.length;
    this.#reserve(end);
    this.#compare(at, part);
    this.#octets.set(part, at);
    this.length = Math.max(this.length, end);
    this.#join(at, end);
  }

  #reserve(end: number): void {
    if (end <= this.#octets.length) return;
    const size = Math.min(this.#limit, Math.max(FIRST, end, 2 * this.#octets.length));
    const grown = new Uint8Array(size);
    grown.set(this.#octets);
    this.#octets = grown;
  }

  #compare(at: number, part: Uint8Array): void {
    const ranges = this.#ranges;
    for (let i = 0; i < ranges.length && !this.overlapped; i += 2) {
      const from = Math.max(at, ranges[i] ?? 0);
      const to = Math.min(at + part.length, ranges[i + 1] ?? 0);
      for (let n = from; n < to; n++) {
        if (this.#octets[n] !== part[n - at]) {
          this.overlapped = true;
          break;
        }
      }
    }
  }

  #join(at: number, end: number): void {
    let from = at;
    let to = end;
    const apart: number[] = [];
    for (let i = 0; i < this.#ranges.length; i += 2) {
      const start = this.#ranges[i] ?? 0;
      const stop = this.#ranges[i + 1] ?? 0;
      if (stop < from || start > to) apart.push(start, stop);
      else {
        from = Math.min(from, start);
        to = Math.max(to, stop);
      }
    }
    let place = 0;
    while (place < apart.length && (apart[place] ?? 0) < from) place += 2;
    apart.splice(place, 0, from, to);
    // More holes than are remembered: what lies behind is as if it had not come.
    this.#ranges = apart.slice(0, 2 * RANGES_LIMIT);
  }
}
