/**
 * One direction of a connection between clients (OFT, ODC): headers are put together here, and looked
 * for again where none begins. What stands between headers does not come by here.
 */
import { OctetHold } from '../../framing/octet-hold.ts';

/** Whether a header begins somewhere; More while what is there could become one. */
export const Begins = { No: 0, More: 1, Yes: 2 } as const;
export type Begins = (typeof Begins)[keyof typeof Begins];

export interface HeaderRules {
  /** First octet of every header. */
  readonly first: number;
  /** Octets after which `begins` answers No or Yes, and `length` can be read. */
  readonly signature: number;
  begins(buffer: Uint8Array, start: number, end: number): Begins;
  /** Octets of the header, at least `signature`. */
  length(buffer: Uint8Array, start: number): number;
}

/** What came of some octets. */
export const Found = { Nothing: 0, Header: 1, NoHeader: 2 } as const;
export type Found = (typeof Found)[keyof typeof Found];

export class PeerHeaders {
  /** Stream offset of the next octet. */
  offset = 0;
  readonly #hold = new OctetHold();
  #seeking = false;
  readonly #rules: HeaderRules;

  constructor(rules: HeaderRules) {
    this.#rules = rules;
  }

  /** After Found.Header: the header; after Found.NoHeader: what was held and is none. Lent. */
  get held(): Uint8Array {
    return this.#hold.buffer.subarray(0, this.#hold.used);
  }

  /** Memory, octets. */
  get size(): number {
    return this.#hold.size;
  }

  /** Stream offset of an unfinished header, or -1. */
  get pending(): number {
    return this.#hold.used > 0 ? this.offset - this.#hold.used : -1;
  }

  /** Takes octets from `at` on until a header is there or is none; answers where it stopped. */
  take(octets: Uint8Array, at: number): number {
    const hold = this.#hold;
    let next = at;
    while (next < octets.length) {
      if (this.#seeking && hold.used === 0) {
        const found = octets.indexOf(this.#rules.first, next);
        if (found === -1) return octets.length;
        next = found;
      }
      const wanted =
        hold.used < this.#rules.signature ? hold.used + 1 : this.#rules.length(hold.buffer, 0);
      const end = Math.min(octets.length, next + wanted - hold.used);
      hold.append(octets, next, end);
      next = end;
      if (this.found !== Found.Nothing) {
        if (!this.#seeking || this.found === Found.Header) return next;
        this.#seekAgain();
      }
    }
    return next;
  }

  get found(): Found {
    const { buffer, used } = this.#hold;
    if (used === 0) return Found.Nothing;
    const { signature } = this.#rules;
    const begins = this.#rules.begins(buffer, 0, Math.min(used, signature));
    if (begins === Begins.No) return Found.NoHeader;
    const whole = used >= signature && used === this.#rules.length(buffer, 0);
    return whole ? Found.Header : Found.Nothing;
  }

  /** The header was read, or what was held is content. */
  release(): void {
    this.#hold.release();
    this.#seeking = false;
  }

  /** No header begins where one had to: one is looked for from here on. */
  seek(): void {
    this.#seeking = true;
    this.#seekAgain();
  }

  /** Octets are missing: the unfinished header is forgotten. */
  gap(): void {
    this.#hold.release();
    this.#seeking = true;
  }

  /** A signature's octets are held at most: the next that may begin a header stay. */
  #seekAgain(): void {
    const rest = this.held.slice(1);
    this.#hold.release();
    const { first } = this.#rules;
    for (let at = rest.indexOf(first); at !== -1; at = rest.indexOf(first, at + 1)) {
      if (this.#rules.begins(rest, at, rest.length) === Begins.No) continue;
      this.#hold.append(rest, at, rest.length);
      return;
    }
  }
}
