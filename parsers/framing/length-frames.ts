/**
 * Cuts one direction of a stream into frames that tell their length at their beginning (MQTT,
 * Gadu-Gadu), in bounded memory.
 *
 * A frame inside one push is passed on as a view of the caller's octets; only one cut by a segment
 * boundary is copied. Of a frame beyond the limit the first octets are passed on, the rest is skipped.
 * After a gap that the frame under way does not cover, or octets that begin no frame, every position is
 * tried until a frame stands there that stands every test of its protocol.
 */
export interface FrameRules {
  /** Octets of the longest frame kept whole. */
  readonly limit: number;
  /** Octets of the frame from `at`; 0: `end` comes too early to tell; -1: no frame begins so. */
  measure(buffer: Uint8Array, at: number, end: number): number;
  /**
   * Asked while a frame is looked for: whether buffer[at, end) may be a frame of `length` octets. All
   * of it is there when end - at = length; before that the answer must not cost more than its head.
   */
  plausible(buffer: Uint8Array, at: number, end: number, length: number): boolean;
}

export interface FrameListener {
  /**
   * `buffer[start, end)` is one frame, valid only during the call; buffer[start] is stream octet
   * `from`. The frame has `length` octets, of which those beyond the limit are not there.
   */
  frame(buffer: Uint8Array, start: number, end: number, from: number, length: number): void;
  /** From stream octet `from` there was no frame where one had to be. */
  lost(from: number): void;
}

const NOTHING = new Uint8Array(0);
const FIRST_HOLD = 256; // octets
/** Octets of the longest frame that a lost framer finds its way by. */
export const SEEK_LIMIT = 2048;

export class LengthFramer {
  readonly #rules: FrameRules;
  #held: Uint8Array<ArrayBuffer> = NOTHING;
  #start = 0; // held octets are #held[#start, #used)
  #used = 0;
  #skip = 0; // octets of the frame under way that are not wanted
  #seeking: boolean;
  #stopped = false;
  #offset = 0; // stream offset of the next octet that no frame was made of

  /** `seeking`: what comes first need not be the beginning of a frame. */
  constructor(rules: FrameRules, seeking: boolean) {
    this.#rules = rules;
    this.#seeking = seeking;
  }

  /** Memory in use now, octets. */
  get held(): number {
    return this.#held.length;
  }

  /** Stream offset of the next octet that comes. */
  get offset(): number {
    return this.#offset + this.#used - this.#start;
  }

  /** Stream offset of the unfinished frame's first octet; -1 between frames, and where nothing is to be judged. */
  get pending(): number {
    return this.#used > this.#start && !this.#seeking ? this.#offset : -1;
  }

  push(octets: Uint8Array, to: FrameListener): void {
    let at = Math.min(this.#skip, octets.length);
    this.#skip -= at;
    this.#offset += at;
    while (at < octets.length && !this.#stopped && this.#used > this.#start) {
      const taken = Math.min(this.#wanted(), octets.length - at);
      this.#hold(octets, at, at + taken);
      at += taken;
      const held = this.#held;
      const next = this.#read(held, this.#start, this.#used, to);
      // A frame longer than what is kept: the rest of it may be in this push already.
      const skipped = Math.min(this.#skip, octets.length - at);
      this.#skip -= skipped;
      this.#offset += skipped;
      at += skipped;
      this.#start = next;
      if (this.#start === this.#used) this.#forget();
    }
    if (at < octets.length && !this.#stopped) {
      const next = this.#read(octets, at, octets.length, to);
      if (next < octets.length && !this.#stopped) this.#hold(octets, next, octets.length);
    }
    if (this.#stopped) this.#forget();
  }

  /** `octets` are missing. */
  gap(octets: number): void {
    const held = this.#used - this.#start;
    const length =
      held > 0 && !this.#seeking ? this.#rules.measure(this.#held, this.#start, this.#used) : 0;
    const missing = length > 0 ? length - held : this.#skip;
    this.#forget();
    this.#offset += held + octets;
    // The frame under way is known to go on beyond the gap, or to end with it.
    this.#skip = Math.max(0, missing - octets);
    if (missing < octets || missing === 0) this.#seeking = true;
  }

  /** From inside `frame`: no further frame is cut. */
  stop(): void {
    this.#stopped = true;
  }

  /** Octets to add to those held before there may be something to read. */
  #wanted(): number {
    if (this.#seeking) return SEEK_LIMIT;
    const length = this.#rules.measure(this.#held, this.#start, this.#used);
    if (length <= 0) return 1;
    return Math.max(1, Math.min(length, this.#rules.limit) - (this.#used - this.#start));
  }

  /** Makes frames of buffer[start, end), which begins at #offset; where the first unused octet is. */
  #read(buffer: Uint8Array, start: number, end: number, to: FrameListener): number {
    let at = start;
    while (at < end && !this.#stopped) {
      if (this.#seeking) {
        const found = this.#seek(buffer, at, end);
        this.#offset += found - at;
        at = found;
        if (this.#seeking) return at;
      }
      const length = this.#rules.measure(buffer, at, end);
      if (length === 0) return at;
      if (length < 0) {
        this.#seeking = true;
        to.lost(this.#offset);
        this.#offset += 1;
        at += 1;
        continue;
      }
      const kept = Math.min(length, this.#rules.limit);
      if (end - at < kept) return at;
      to.frame(buffer, at, at + kept, this.#offset, length);
      const there = Math.min(length, end - at);
      this.#skip = length - there;
      this.#offset += there;
      at += there;
    }
    return at;
  }

  /** Where a frame stands, and the seeking is over; or from where more must come to tell. */
  #seek(buffer: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const length = this.#rules.measure(buffer, at, end);
      if (length === 0) return at;
      if (length < 0 || length > SEEK_LIMIT) continue;
      const last = Math.min(end, at + length);
      if (!this.#rules.plausible(buffer, at, last, length)) continue;
      if (last === at + length) this.#seeking = false;
      return at;
    }
    return end;
  }

  #hold(octets: Uint8Array, start: number, end: number): void {
    const held = this.#used - this.#start;
    const needed = held + end - start;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(FIRST_HOLD, needed, 2 * this.#held.length));
      grown.set(this.#held.subarray(this.#start, this.#used));
      this.#held = grown;
      this.#start = 0;
    } else if (this.#used + end - start > this.#held.length) {
      this.#held.copyWithin(0, this.#start, this.#used);
      this.#start = 0;
    }
    this.#held.set(octets.subarray(start, end), this.#start + held);
    this.#used = this.#start + needed;
  }

  #forget(): void {
    this.#held = NOTHING;
    this.#start = 0;
    this.#used = 0;
  }
}
