/** Sliding windows: have there been more than N within a period? */
import { LRUCache } from 'lru-cache';

/** Octets of all windows together; the least recently used goes first. */
const MOST_OCTETS = 32 << 20;
const OVERHEAD = 200; // octets a window, with its key

class Window {
  #times: Float64Array;
  #next = 0;
  #count = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
    this.#times = new Float64Array(Math.min(most, 8));
  }

  get octets(): number {
    return this.#times.byteLength + OVERHEAD;
  }

  /** Counts one at `time`; whether `most` others lie within the `period` before it. */
  count(time: number, period: number): boolean {
    if (this.#most === 0) return true;
    const exceeded = this.exceeds(time, period);
    if (this.#count === this.#times.length && this.#count < this.#most) this.#grow();
    this.#times[this.#next] = time;
    this.#next = (this.#next + 1) % this.#times.length;
    this.#count = Math.min(this.#count + 1, this.#most);
    return exceeded;
  }

  /** The same answer without counting. Times may be slightly out of order between flows. */
  exceeds(time: number, period: number): boolean {
    if (this.#most === 0) return true;
    if (this.#count < this.#most) return false;
    const oldest = this.#times[this.#next] ?? 0;
    return Math.abs(time - oldest) < period;
  }

  /** Only before the ring has wrapped. */
  #grow(): void {
    const times = new Float64Array(Math.min(this.#most, this.#times.length * 2));
    times.set(this.#times);
    this.#next = this.#times.length;
    this.#times = times;
  }
}

export class Rates {
  readonly #windows = new LRUCache<string, Window>({
    maxSize: MOST_OCTETS,
    sizeCalculation: (window, key) => window.octets + key.length * 2,
  });

  /** Counts an event under `key`; whether it is one too many. Times in microseconds. */
  count(key: string, moreThan: number, period: number, time: number): boolean {
    const known = this.#windows.get(key);
    const window = known ?? new Window(moreThan);
    const before = window.octets;
    const exceeded = window.count(time, period);
    if (window !== known || window.octets !== before) this.#windows.set(key, window);
    return exceeded;
  }

  /** Whether one more event would be one too many. */
  exceeds(key: string, moreThan: number, period: number, time: number): boolean {
    return this.#windows.peek(key)?.exceeds(time, period) ?? moreThan === 0;
  }
}
