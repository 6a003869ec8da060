/**
 * One direction of an OFT connection: headers are put together here, and looked for again where none
 * begins. Content does not come by here.
 */
import { OctetHold } from '../../framing/octet-hold.ts';
import { Begins, beginsHeader, headerLength, SIGNATURE } from './oft-header.ts';

const FIRST = 0x4f; // O

/** What came of some octets. */
export const Found = { Nothing: 0, Header: 1, NoHeader: 2 } as const;
export type Found = (typeof Found)[keyof typeof Found];

export class OftSide {
  /** Stream offset of the next octet. */
  offset = 0;
  readonly #hold = new OctetHold();
  #seeking = false;

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
        const found = octets.indexOf(FIRST, next);
        if (found === -1) return octets.length;
        next = found;
      }
      const wanted = hold.used < SIGNATURE ? hold.used + 1 : headerLength(hold.buffer, 0);
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
    const begins = beginsHeader(buffer, 0, Math.min(used, SIGNATURE));
    if (begins === Begins.No) return Found.NoHeader;
    return used >= SIGNATURE && used === headerLength(buffer, 0) ? Found.Header : Found.Nothing;
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

  /** At most eight octets are held: the next that may begin a header stay. */
  #seekAgain(): void {
    const rest = this.held.slice(1);
    this.#hold.release();
    for (let at = rest.indexOf(FIRST); at !== -1; at = rest.indexOf(FIRST, at + 1)) {
      if (beginsHeader(rest, at, rest.length) === Begins.No) continue;
      this.#hold.append(rest, at, rest.length);
      return;
    }
  }
}
