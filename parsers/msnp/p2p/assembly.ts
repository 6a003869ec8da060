/**
 * One MSNSLP text that arrives in parts: the first copy of an octet counts, parts may come in any order.
 * Of what is longer than SLP_LIMIT the beginning is kept.
 */
import { SLP_LIMIT, STRETCHES_LIMIT } from './p2p-limits.ts';

const FIRST = 2048; // octets: most texts fit
const HELD = 256; // octets of the object itself

export const Added = {
  Plain: 0,
  /** Some of it was there already. */
  Overlap: 1,
  /** Too many stretches wait: left out. */
  Refused: 2,
} as const;
export type Added = (typeof Added)[keyof typeof Added];

export class Assembly {
  readonly sender: string | undefined;
  readonly fromClient: boolean;
  readonly message: number;
  readonly total: number;
  /** The text was understood, or is none: what else comes of it is passed over. */
  done = false;
  /** Of a text that is done: the octets of it that were read. */
  read = 0;
  /** Octets that were ready when it was read last. */
  #tried = 0;
  #octets = new Uint8Array(0);
  /** Start and end of each stretch that is there, in order, never touching. */
  #stretches: number[] = [];

  constructor(sender: string | undefined, fromClient: boolean, message: number, total: number) {
    this.sender = sender;
    this.fromClient = fromClient;
    this.message = message;
    this.total = total;
  }

  /** Octets of the text that can be kept. */
  get wanted(): number {
    return Math.min(this.total, SLP_LIMIT);
  }

  /** buffer[0, ready) is there from the beginning on. */
  get buffer(): Uint8Array {
    return this.#octets;
  }

  get ready(): number {
    return this.#stretches[0] === 0 ? (this.#stretches[1] ?? 0) : 0;
  }

  get complete(): boolean {
    return this.ready >= this.wanted;
  }

  get held(): number {
    return HELD + this.#octets.length;
  }

  /**
   * Whether it is worth while to read what is ready: all of it, or an eighth more than the last time, so that
   * a text in single octets is not read from its start for each of them.
   */
  get worthReading(): boolean {
    const { ready } = this;
    if (ready === this.#tried || (!this.complete && ready < this.#tried + (this.#tried >> 3))) {
      return false;
    }
    this.#tried = ready;
    return true;
  }

  /** Nothing more is wanted of it. */
  finish(): void {
    this.done = true;
    this.read = this.ready;
    this.#octets = new Uint8Array(0);
    this.#stretches = [];
  }

  add(buffer: Uint8Array, start: number, end: number, offset: number): Added {
    const last = Math.min(offset + end - start, this.wanted);
    if (offset >= last) return Added.Plain;
    const stretches = this.#stretches;
    let overlap = false;
    let at = offset;
    let i = 0;
    // Fill what lies between the stretches that are there, and join all that touch.
    while (i < stretches.length && (stretches[i + 1] ?? 0) < offset) i += 2;
    const from = i;
    let low = offset;
    let high = last;
    const fills: number[] = [];
    for (; i < stretches.length && (stretches[i] ?? 0) <= last; i += 2) {
      const s = stretches[i] ?? 0;
      const e = stretches[i + 1] ?? 0;
      if (s < last && e > offset) overlap = true;
      if (s > at) fills.push(at, s);
      at = Math.max(at, e);
      low = Math.min(low, s);
      high = Math.max(high, e);
    }
    if (i === from && stretches.length >= 2 * STRETCHES_LIMIT) return Added.Refused;
    if (at < last) fills.push(at, last);
    this.#grow(high);
    for (let n = 0; n < fills.length; n += 2) {
      const s = fills[n] ?? 0;
      const e = Math.min(fills[n + 1] ?? 0, last);
      this.#octets.set(buffer.subarray(start + s - offset, start + e - offset), s);
    }
    stretches.splice(from, i - from, low, high);
    return overlap ? Added.Overlap : Added.Plain;
  }

  #grow(needed: number): void {
    if (needed <= this.#octets.length) return;
    const size = Math.min(Math.max(FIRST, needed, 2 * this.#octets.length), SLP_LIMIT);
    const grown = new Uint8Array(size);
    grown.set(this.#octets);
    this.#octets = grown;
  }
}
