/**
 * The content of one file (or list, or hash tree) inside a peer connection: a known number of octets,
 * plain, or one zlib stream that inflates to so many (ZL1).
 */
import { Inflated, InflateStream, type InflateTotals } from '../../src/bytes/inflate.ts';
import type { ContentFollower } from '../contract.ts';
import { FILE_RATIO, INFLATE_FLOOR } from './nmdc-limits.ts';

const INFLATION = { ratio: FILE_RATIO, floor: INFLATE_FLOOR };

export const Taken = {
  /** More of it is to come. */
  More: 0,
  /** All octets came. */
  Whole: 1,
  /** The compressed stream ended early, or goes on beyond the size. */
  Wrong: 2,
  /** Damaged compression: where it ends is not known. */
  Broken: 3,
} as const;
export type Taken = (typeof Taken)[keyof typeof Taken];

export class Content {
  readonly size: number;
  /** Octets of content so far, lost ones too. */
  received = 0;
  lost = 0;
  /** Octets of the last `push` that belong to it. */
  used = 0;
  readonly #follower: ContentFollower | undefined;
  readonly #inflate: InflateStream | undefined;
  readonly #take: (octets: Uint8Array) => void;
  #over = false;

  /** `totals`: of the flow's compressed contents, undefined where it is not compressed. */
  constructor(
    size: number,
    totals: InflateTotals | undefined,
    follower: ContentFollower | undefined,
  ) {
    this.size = size;
    this.#follower = follower;
    this.#inflate = totals && new InflateStream(INFLATION, totals);
    this.#take = (octets) => this.#keep(octets);
  }

  push(octets: Uint8Array, at: number): Taken {
    const inflate = this.#inflate;
    if (inflate === undefined) {
      this.used = Math.min(octets.length - at, this.size - this.received);
      this.#keep(octets.subarray(at, at + this.used));
      return this.received === this.size ? Taken.Whole : Taken.More;
    }
    // Piecewise, so that content beyond the size ends it soon.
    for (let from = at; from < octets.length; from += PIECE) {
      const piece = octets.subarray(from, from + PIECE);
      const state = inflate.push(piece, this.#take);
      this.used = from - at + piece.length;
      if (state === Inflated.Broken || state === Inflated.Bomb) return Taken.Broken;
      if (this.#over) return Taken.Broken;
      if (state === Inflated.End) {
        this.used -= inflate.left;
        return this.received === this.size ? Taken.Whole : Taken.Wrong;
      }
    }
    return Taken.More;
  }

  /** `octets` are missing. Returns those that were none of it; -1 where that is not known. */
  gap(octets: number): number {
    this.#follower?.discard();
    if (this.#inflate !== undefined) return -1;
    const own = Math.min(octets, this.size - this.received);
    this.received += own;
    this.lost += own;
    return octets - own;
  }

  /** SHA-256 of what passed; undefined where it is not whole or not followed. */
  hash(): string | undefined {
    return this.lost === 0 ? this.#follower?.finish() : undefined;
  }

  discard(): void {
    if (this.lost === 0) this.#follower?.discard();
  }

  held(): number {
    return HELD + (this.#inflate === undefined ? 0 : InflateStream.HELD);
  }

  #keep(octets: Uint8Array): void {
    if (this.#over) return;
    this.#over = octets.length > this.size - this.received;
    this.received = Math.min(this.received + octets.length, this.size);
    if (!this.#over && this.lost === 0) this.#follower?.write(octets);
  }
}

const HELD = 512;
/** Octets given to the inflater at a time. */
const PIECE = 4096;
