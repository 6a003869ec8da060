/**
 * One zlib stream (RFC 1950), inflated as it comes: what a sync flush completed is available at
 * once. Fed in small slices, so that a decompression bomb is noticed before it has been made.
 */
import { Inflate, type ZStream } from 'pako';

/** Octets inflated at a time: deflate makes at most 1032 of one, so a slice makes at most 264 KB. */
const SLICE = 256;
const Z_OK = 0;
const Z_BUF_ERROR = -5;
const Z_SYNC_FLUSH = 2;
const CHUNK = 16384;

export const Inflated = {
  /** Everything was inflated. */
  More: 0,
  /** The stream came to its end: later octets are none of it. */
  End: 1,
  /** Not a zlib stream, or damaged. */
  Broken: 2,
  /** More output than the limits allow. */
  Bomb: 3,
} as const;
export type Inflated = (typeof Inflated)[keyof typeof Inflated];

export interface InflateLimits {
  /** Octets out per octet in, over all of the stream (or streams), once `floor` octets are out. */
  readonly ratio: number;
  readonly floor: number;
}

/** Octets in and out so far. */
export interface InflateTotals {
  in: number;
  out: number;
}

export class InflateStream {
  readonly #limits: InflateLimits;
  readonly #inflate = new Inflate({ chunkSize: CHUNK });
  #take: (octets: Uint8Array) => void = () => {};
  readonly #totals: InflateTotals;
  #stream: ZStream | undefined = undefined;
  #left = 0;

  /** `totals`: one for several streams after each other, where the limits are for all of them together. */
  constructor(limits: InflateLimits, totals: InflateTotals = { in: 0, out: 0 }) {
    this.#limits = limits;
    this.#totals = totals;
    this.#inflate.onStart = (stream) => {
      this.#stream = stream;
    };
    this.#inflate.onData = (chunk) => {
      if (chunk.length === 0) return;
      this.#totals.out += chunk.length;
      this.#take(chunk);
    };
  }

  /** Memory one stream occupies, octets: window, tables and the output chunk. */
  static readonly HELD = 32768 + 8192 + CHUNK;

  /** After Inflated.End: octets of the last push that stand behind the stream's end. */
  get left(): number {
    return this.#left;
  }

  /** Hands every piece of output to `take`, in order. Octets in and out are lent for the call. */
  push(octets: Uint8Array, take: (octets: Uint8Array) => void): Inflated {
    this.#take = take;
    this.#left = octets.length;
    for (let at = 0; at < octets.length; at += SLICE) {
      if (this.#inflate.ended) return Inflated.End;
      const slice = octets.slice(at, at + SLICE);
      this.#totals.in += slice.length;
      // Streams before this one may have used up everything.
      if (this.#isTooMuch()) return Inflated.Bomb;
      this.#inflate.push(slice, Z_SYNC_FLUSH);
      this.#left = octets.length - at - slice.length + (this.#stream?.avail_in ?? 0);
      const { err } = this.#inflate;
      if (err !== Z_OK && err !== Z_BUF_ERROR && err !== 1) {
        this.#takeUnsaid();
        return Inflated.Broken;
      }
      if (this.#isTooMuch()) return Inflated.Bomb;
    }
    return this.#inflate.ended ? Inflated.End : Inflated.More;
  }

  #isTooMuch(): boolean {
    const { in: taken, out } = this.#totals;
    return out > this.#limits.floor && out > taken * this.#limits.ratio;
  }

  /** What stood before the damage, which pako keeps to itself. */
  #takeUnsaid(): void {
    const stream = this.#stream;
    if (stream === undefined || stream.next_out === 0) return;
    const octets = stream.output.subarray(0, stream.next_out);
    stream.next_out = 0;
    this.#totals.out += octets.length;
    this.#take(octets);
  }
}
