/**
 * Cuts one direction of a stream into LF-terminated lines, in bounded memory.
 *
 * A line inside one push is passed on as a view of the caller's octets. Only a line cut by a
 * segment boundary is copied, into `#held`, which never outgrows the limit. An overlong line,
 * or the rest of a line after a gap, is skipped up to its LF: the framer always resynchronises.
 * Every line comes with its place in the stream, counted from the first octet pushed.
 */
export interface LineListener {
  /**
   * `buffer[start, end)` is one line less its CR LF, valid only during the call. The line with
   * its line end is [from, to) of the stream; `buffer[start]` is stream octet `from`.
   */
  line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void;
  /** A line longer than the limit, from stream octet `from`, is skipped. */
  overlong(from: number): void;
}

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = new Uint8Array(0);
const FIRST_HOLD = 256; // octets

export class LineFramer {
  readonly #limit: number; // octets, CR included
  #held: Uint8Array<ArrayBuffer> = NOTHING;
  #used = 0;
  #skipping = false;
  #stopped = false;
  #offset = 0; // stream offset of the next octet
  #lineFrom = 0; // stream offset of the line under way

  /** `limit`: octets of the longest line kept, its CR included. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Memory in use now, octets. */
  get held(): number {
    return this.#held.length;
  }

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.#offset;
  }

  /** Stream offset of the unfinished line's first octet; -1 between lines and while skipping. */
  get pending(): number {
    return this.#used > 0 ? this.#lineFrom : -1;
  }

  push(octets: Uint8Array, to: LineListener): void {
    const base = this.#offset;
    let at = 0;
    while (at < octets.length && !this.#stopped) {
      const lf = octets.indexOf(LF, at); // native search, not a JS loop
      const end = lf === -1 ? octets.length : lf;
      if (this.#used === 0) this.#lineFrom = base + at;
      if (!this.#skipping && this.#used + end - at > this.#limit) {
        this.#forget();
        this.#skipping = true;
        to.overlong(this.#lineFrom);
      }
      if (!this.#skipping && (lf === -1 || this.#used > 0)) this.#hold(octets, at, end);
      if (lf === -1) break;
      this.#offset = base + lf + 1;
      if (this.#skipping) this.#skipping = false;
      else if (this.#used > 0) this.#release(to);
      else to.line(octets, at, withoutCr(octets, at, lf), this.#lineFrom, this.#offset);
      at = lf + 1;
    }
    this.#offset = base + octets.length;
  }

  /** `octets` are missing: forget the unfinished line and start again after the next LF. */
  gap(octets: number): void {
    this.#forget();
    this.#skipping = true;
    this.#offset += octets;
  }

  /** From inside `line`: no further line is cut. */
  stop(): void {
    this.#forget();
    this.#stopped = true;
  }

  #forget(): void {
    this.#held = NOTHING;
    this.#used = 0;
  }

  #hold(octets: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(FIRST_HOLD, needed * 2)));
      grown.set(this.#held.subarray(0, this.#used));
      this.#held = grown;
    }
    this.#held.set(octets.subarray(start, end), this.#used);
    this.#used = needed;
  }

  #release(to: LineListener): void {
    const line = this.#held;
    const end = withoutCr(line, 0, this.#used);
    this.#forget();
    to.line(line, 0, end, this.#lineFrom, this.#offset);
  }
}

function withoutCr(buffer: Uint8Array, start: number, end: number): number {
  return end > start && buffer[end - 1] === CR ? end - 1 : end;
}
