/**
 * What was forwarded of one direction and may be asked for again: a ring that begins at the first octet that is
 * not acknowledged. Retransmissions go out with these octets, whatever they bring: the first copy wins, also
 * where it was blanked.
 */

import type { Limits } from '../../limits.ts';

/** Octets of a ring at first: most are a few messages. */
const FIRST = 2048;
const MOST_SPARE = 256; // rings kept for the next that needs one

type RetainedLimits = Pick<Limits, 'retainedPerDirection' | 'retainedTotal'>;

/** The memory of all rings of one worker. */
export class RetainedMemory {
  /** Octets in use. */
  used = 0;
  /** Of one ring; a power of two. */
  readonly perDirection: number;
  readonly #limits: RetainedLimits;
  readonly #spare: Uint8Array[] = [];

  /** `limits`: may change while it is used. */
  constructor(limits: RetainedLimits) {
    this.#limits = limits;
    this.perDirection = limits.retainedPerDirection;
  }

  /** Octets there may be in all. */
  get limit(): number {
    return this.#limits.retainedTotal;
  }

  /** Undefined where the limit refuses it. */
  take(octets: number): Uint8Array | undefined {
    if (this.used + octets > this.limit) return undefined;
    this.used += octets;
    return (octets === FIRST ? this.#spare.pop() : undefined) ?? new Uint8Array(octets);
  }

  give(ring: Uint8Array): void {
    this.used -= ring.length;
    if (ring.length === FIRST && this.#spare.length < MOST_SPARE) this.#spare.push(ring);
  }
}

const NOTHING = new Uint8Array(0);

export class RetainedOctets {
  readonly #memory: RetainedMemory;
  #ring: Uint8Array = NOTHING;
  #at = 0; // of the first octet, in the ring
  /** Sequence number of the first octet. */
  start: number;
  length = 0;

  constructor(memory: RetainedMemory, start: number) {
    this.#memory = memory;
    this.start = start;
  }

  /** Makes room for so many more; false where a limit forbids it. */
  reserve(octets: number): boolean {
    const needed = this.length + octets;
    if (needed <= this.#ring.length) return true;
    if (needed > this.#memory.perDirection) return false;
    let size = Math.max(FIRST, this.#ring.length * 2);
    while (size < needed) size *= 2;
    const ring = this.#memory.take(size);
    if (ring === undefined) return false;
    for (let i = 0; i < this.length; ) {
      const from = (this.#at + i) & (this.#ring.length - 1);
      const run = Math.min(this.length - i, this.#ring.length - from);
      ring.set(this.#ring.subarray(from, from + run), i);
      i += run;
    }
    this.#give();
    this.#ring = ring;
    this.#at = 0;
    return true;
  }

  /** Adds buffer[from, to); `reserve` gave room. */
  append(buffer: Uint8Array, from: number, to: number): void {
    const mask = this.#ring.length - 1;
    for (let i = from; i < to; ) {
      const at = (this.#at + this.length) & mask;
      const run = Math.min(to - i, this.#ring.length - at);
      if (run < 64) for (let k = 0; k < run; k++) this.#ring[at + k] = buffer[i + k] ?? 0;
      else this.#ring.set(buffer.subarray(i, i + run), at);
      this.length += run;
      i += run;
    }
  }

  /** Adds octets that were not captured. */
  appendMissing(octets: number): void {
    const mask = this.#ring.length - 1;
    for (let i = 0; i < octets; i++) this.#ring[(this.#at + this.length + i) & mask] = 0;
    this.length += octets;
  }

  /** The octet at `sequence`, which is in [start, start + length). */
  octet(sequence: number): number {
    return this.#ring[(this.#at + ((sequence - this.start) | 0)) & (this.#ring.length - 1)] ?? 0;
  }

  /** What lies before `sequence` is not asked for any more. */
  trim(sequence: number): void {
    const octets = Math.min(this.length, (sequence - this.start) | 0);
    if (octets <= 0) return;
    this.start = (this.start + octets) | 0;
    this.length -= octets;
    if (this.length === 0) this.#give();
    else this.#at = (this.#at + octets) & (this.#ring.length - 1);
  }

  /** What comes next is at `sequence`; nothing before it is remembered. */
  restart(sequence: number): void {
    this.length = 0;
    this.#give();
    this.start = sequence;
  }

  #give(): void {
    if (this.#ring.length > 0) this.#memory.give(this.#ring);
    this.#ring = NOTHING;
    this.#at = 0;
  }
}
