/**
 * The octets of one file, put in order and followed, never kept: parts that came before their turn wait,
 * within EARLY_LIMIT; of octets that came twice the first copy counts.
 */
import type { ContentFollower } from '../../contract.ts';
import { P2pAnomaly } from './anomalies.ts';
import { EARLY_LIMIT, EARLY_PARTS_LIMIT } from './p2p-limits.ts';

interface Early {
  readonly offset: number;
  readonly octets: Uint8Array;
}

const EARLY_HELD = 120; // octets of a waiting part beside its own

export class OrderedContent {
  /** Octets of the whole file, as the packets say. */
  readonly total: number;
  /** Octets seen, each place once. */
  octets = 0;
  /** Some are missing: no hash. */
  broken = false;
  #follower: ContentFollower | undefined;
  /** What comes next in order; beyond a hole, the end of what came last. */
  #next = 0;
  #early: Early[] = [];
  #waiting = 0;
  #lossy = false;

  constructor(total: number, follower: ContentFollower | undefined) {
    this.total = total;
    this.#follower = follower;
  }

  /** All octets to the last are there, or given up. */
  get complete(): boolean {
    return this.#next >= this.total;
  }

  get held(): number {
    return this.#waiting + EARLY_HELD * this.#early.length;
  }

  put(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    named: (anomaly: P2pAnomaly) => void,
  ): void {
    let last = offset + (end - start); // near 2^53 the order matters
    if (last > this.total) {
      named(P2pAnomaly.BeyondTotal);
      last = this.total;
    }
    if (offset >= last) return;
    if (offset > this.#next) {
      if (!this.#lossy) named(P2pAnomaly.OutOfOrder);
      if (this.#wait(buffer.subarray(start, start + last - offset), offset)) return;
      this.#lose(named);
    }
    if (offset < this.#next) named(P2pAnomaly.Overlap);
    this.#take(buffer, start, last - offset, offset);
    if (this.#early.length > 0) this.#drain();
  }

  /** Octets were lost on the way: what is missing will not come. */
  gap(named: (anomaly: P2pAnomaly) => void): void {
    this.#lossy = true;
    if (this.#early.length > 0) this.#lose(named);
  }

  /** Goes on behind the hole. */
  #lose(named: (anomaly: P2pAnomaly) => void): void {
    if (!this.broken) named(P2pAnomaly.Hole);
    this.broken = true;
    this.#follower?.discard();
    this.#follower = undefined;
    for (const { offset, octets } of this.#early) this.#take(octets, 0, octets.length, offset);
    this.#early = [];
    this.#waiting = 0;
  }

  /** The hash of all of it, when none is missing. Call once, at the end. */
  finish(): string | undefined {
    const hash = this.broken ? undefined : this.#follower?.finish();
    this.#follower = undefined;
    return hash;
  }

  discard(): void {
    this.#follower?.discard();
    this.#follower = undefined;
    this.#early = [];
    this.#waiting = 0;
  }

  /** buffer[start, start + length) is what stands at `offset`; what is there already is passed over. */
  #take(buffer: Uint8Array, start: number, length: number, offset: number): void {
    const skip = Math.max(0, this.#next - offset);
    if (skip >= length) return;
    this.octets += length - skip;
    this.#follower?.write(buffer.subarray(start + skip, start + length));
    this.#next = offset + length;
  }

  #wait(octets: Uint8Array, offset: number): boolean {
    if (this.broken || this.#lossy) return false;
    const early = this.#early;
    if (early.length >= EARLY_PARTS_LIMIT || this.#waiting + octets.length > EARLY_LIMIT) {
      return false;
    }
    let i = early.length;
    while (i > 0 && (early[i - 1]?.offset ?? 0) > offset) i--;
    early.splice(i, 0, { offset, octets: octets.slice() });
    this.#waiting += octets.length;
    return true;
  }

  #drain(): void {
    for (let first = this.#early[0]; first !== undefined; first = this.#early[0]) {
      if (first.offset > this.#next) return;
      this.#early.shift();
      this.#waiting -= first.octets.length;
      this.#take(first.octets, 0, first.octets.length, first.offset);
    }
  }
}
