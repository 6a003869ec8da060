/**
 * The content of a response as the client will have it: HTTP clients undo gzip and deflate unasked
 * (RFC 9110 §8.4). Other codings stay as they are.
 */
import { Inflated, InflateStream } from '../../../src/bytes/inflate.ts';

const LIMITS = { ratio: 150, floor: 1 << 20 }; // as for compressed streams
const UNDONE = /^(?:x-)?gzip$|^deflate$/;

export class ContentCoding {
  readonly #inflate: InflateStream | undefined;
  /** The octets that come out are not the content as the client has it. */
  broken: boolean;

  constructor(coding: string) {
    this.#inflate = UNDONE.test(coding) ? new InflateStream(LIMITS) : undefined;
    this.broken = this.#inflate === undefined;
  }

  get held(): number {
    return this.#inflate === undefined ? 0 : InflateStream.HELD;
  }

  push(octets: Uint8Array, take: (octets: Uint8Array) => void): void {
    if (this.#inflate === undefined) {
      take(octets);
      return;
    }
    if (this.broken) return;
    const state = this.#inflate.push(octets, take);
    const goesOn = state === Inflated.End && this.#inflate.left > 0;
    this.broken = goesOn || (state !== Inflated.More && state !== Inflated.End);
  }
}
