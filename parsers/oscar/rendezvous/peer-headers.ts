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
      if (this.#seeking && hold.used < this.#rules.signature) {
        next = hold.used === 0 ? this.#seekIn(octets, next) : this.#seekAcross(octets, next);
        if (next === octets.length) return next;
        if (hold.used === 0) continue;
      }
      const wanted =
        hold.used < this.#rules.signature ? hold.used + 1 : this.#rules.length(hold.buffer, 0);
      const end = Math.min(octets.length, next + wanted - hold.used);
      hold.append(octets, next, end);
      next = end;
      if (this.found !== Found.Nothing) return next;
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

  /** Where a header may begin is held; answers what was taken. Nothing is kept of what cannot begin one. */
  #seekIn(octets: Uint8Array, from: number): number {
    const { first, signature } = this.#rules;
    for (let at = octets.indexOf(first, from); at !== -1; at = octets.indexOf(first, at + 1)) {
      const end = Math.min(octets.length, at + signature);
      if (this.#rules.begins(octets, at, end) === Begins.No) continue;
      this.#hold.append(octets, at, end);
      return end;
    }
    return octets.length;
  }

  /** A few octets are held that may begin a header: judged again with those that follow. */
  #seekAcross(octets: Uint8Array, from: number): number {
    const { signature } = this.#rules;
    const hold = this.#hold;
    const { used } = hold;
    const seam = new Uint8Array(used + Math.min(signature, octets.length - from));
    seam.set(hold.buffer.subarray(0, used));
    seam.set(octets.subarray(from, from + seam.length - used), used);
    hold.release();
    for (let at = 0; at < used; at++) {
      const end = Math.min(seam.length, at + signature);
      if (this.#rules.begins(seam, at, end) === Begins.No) continue;
      hold.append(seam, at, end);
      return from + end - used;
    }
    return from;
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
