/**
 * Cuts one direction of a stream into FLAP frames (OSCAR; TOC calls them SFLAP), in bounded memory:
 *
 *   2a · u8 channel · u16 sequence · u16 length · payload
 *
 * A frame inside one push is a view of the caller's octets; one cut by a segment boundary is put
 * together in a hold that is let go again. Where the framing is lost, or was never seen (a gap, a
 * stream picked up in the middle), the next octets that may begin a frame are looked for.
 */
import { u16be } from '../../src/bytes/read.ts';
import { OctetHold } from './octet-hold.ts';

export const FLAP_HEAD = 6; // octets
const STAR = 0x2a;
const CHANNELS = 5;

/** Whether octets may begin a frame, where it is not known that they do. */
export const Likely = { No: 0, More: 1, Yes: 2 } as const;
export type Likely = (typeof Likely)[keyof typeof Likely];

export interface FlapListener {
  /**
   * `buffer[start, end)` is one frame, head and all, valid only during the call. It stands at
   * [from, from + end - start) of the stream.
   */
  frame(buffer: Uint8Array, start: number, end: number, from: number): void;
  /** No frame begins at stream octet `from`, where one had to. */
  lost(from: number): void;
  /** Judges buffer[start, end) while frames are looked for; asked until it says Yes or No. */
  likely(buffer: Uint8Array, start: number, end: number): Likely;
}

export class FlapFramer {
  readonly #hold = new OctetHold();
  #synchronous: boolean;
  #stopped = false;
  /** Stream offset of the next octet, and of the held frame's first. */
  #offset = 0;
  #from = 0;
  /** Octets left of a frame whose middle was lost. */
  #skip = 0;
  #astray = 0;

  /** `midstream`: the first octets may be the middle of a frame. */
  constructor(midstream: boolean) {
    this.#synchronous = !midstream;
  }

  /** Memory in use, octets. */
  get held(): number {
    return this.#hold.size;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Stream offset of the unfinished frame, or -1. */
  get pending(): number {
    return this.#hold.used > 0 ? this.#from : -1;
  }

  /** What is there of the unfinished frame. Lent. */
  get unfinished(): Uint8Array {
    return this.#hold.buffer.subarray(0, this.#hold.used);
  }

  /** Octets passed over since the framing was lost. */
  get astray(): number {
    return this.#astray;
  }

  push(octets: Uint8Array, to: FlapListener): void {
    const base = this.#offset;
    let at = 0;
    while (at < octets.length && !this.#stopped) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, octets.length - at);
        this.#skip -= passed;
        at += passed;
      } else if (this.#hold.used === 0) at = this.#inPlace(octets, at, base, to);
      else at = this.#goOn(octets, at, to);
    }
    this.#offset = base + octets.length;
  }

  /** `octets` are missing. A frame whose head was seen says where the next one is. */
  gap(octets: number): void {
    const used = this.#hold.used;
    const left = used < FLAP_HEAD ? this.#skip : this.#total(this.#hold.buffer, 0) - used;
    this.#skip = this.#synchronous ? Math.max(0, left - octets) : 0;
    if (octets > left) this.#synchronous = false;
    this.#hold.release();
    this.#offset += octets;
  }

  /** From inside `frame`: no further frame is cut. */
  stop(): void {
    this.#stopped = true;
    this.#hold.release();
  }

  #inPlace(octets: Uint8Array, start: number, base: number, to: FlapListener): number {
    let at = start;
    if (!this.#synchronous) {
      at = this.#seek(octets, at, to);
      if (at === octets.length) return at;
      if (to.likely(octets, at, octets.length) === Likely.Yes) this.#found();
    } else if (octets[at] !== STAR) {
      this.#synchronous = false;
      to.lost(base + at);
      return at;
    }
    const available = octets.length - at;
    const whole = this.#synchronous && available >= FLAP_HEAD;
    const end = whole ? at + this.#total(octets, at) : octets.length + 1;
    if (end > octets.length) {
      this.#from = base + at;
      this.#hold.append(octets, at, octets.length);
      return octets.length;
    }
    to.frame(octets, at, end, base + at);
    return end;
  }

  /** The hold gets what it needs next: a head, a whole frame, one octet to judge again. */
  #goOn(octets: Uint8Array, at: number, to: FlapListener): number {
    const hold = this.#hold;
    const { used } = hold;
    const wanted = !this.#synchronous
      ? used + 1
      : used < FLAP_HEAD
        ? FLAP_HEAD
        : this.#total(hold.buffer, 0);
    const end = Math.min(octets.length, at + wanted - used);
    hold.append(octets, at, end);
    if (!this.#synchronous) this.#judge(to);
    if (!this.#synchronous || hold.used < FLAP_HEAD) return end;
    if (hold.used === this.#total(hold.buffer, 0)) {
      const frame = hold.buffer;
      const length = hold.used;
      hold.release();
      to.frame(frame, 0, length, this.#from);
    }
    return end;
  }

  /** The held octets, at most a few, may have become a frame, or none. */
  #judge(to: FlapListener): void {
    const hold = this.#hold;
    while (hold.used > 0) {
      const answer = to.likely(hold.buffer, 0, hold.used);
      if (answer === Likely.Yes) this.#found();
      if (answer !== Likely.No) return;
      const next = this.#seek(hold.buffer.subarray(1, hold.used), 0, to);
      this.#astray += 1;
      this.#from += 1 + next;
      hold.drop(1 + next);
    }
  }

  /** Where a frame may begin, or the end of the octets. */
  #seek(octets: Uint8Array, start: number, to: FlapListener): number {
    let at = start;
    for (;;) {
      at = octets.indexOf(STAR, at);
      if (at === -1) at = octets.length;
      if (at === octets.length || to.likely(octets, at, octets.length) !== Likely.No) break;
      at += 1;
    }
    this.#astray += at - start;
    return at;
  }

  #found(): void {
    this.#synchronous = true;
    this.#astray = 0;
  }

  #total(octets: Uint8Array, at: number): number {
    return FLAP_HEAD + u16be(octets, at + 4);
  }
}

/** What every FLAP frame begins with: for `likely`. */
export function likelyFlapHead(buffer: Uint8Array, start: number, end: number): Likely {
  if (buffer[start] !== STAR) return Likely.No;
  if (end - start < 2) return Likely.More;
  const channel = buffer[start + 1] ?? 0;
  if (channel < 1 || channel > CHANNELS) return Likely.No;
  return end - start < FLAP_HEAD ? Likely.More : Likely.Yes;
}
