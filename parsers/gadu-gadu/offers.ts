/** Transfers and calls that were offered, by the eight octets that the server gave them. */
import { OFFERS_LIMIT } from './gg-limits.ts';

export interface Offered {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly call: boolean;
  readonly name: string | undefined;
  readonly size: number | undefined;
  /** Lower-case hex, or undefined where the offer has none. */
  readonly sha1: string | undefined;
  readonly origin: 'client' | 'server';
  /** Octets that the receiver has already. */
  offset: number;
  /** It, or its acceptance: the connection is then not to be. */
  refused: boolean;
}

const HELD = 512; // octets of one offer, its names included: 255 UTF-16 units at most

export class Offers {
  readonly #offers = new Map<string, Offered>();

  get(token: string): Offered | undefined {
    return this.#offers.get(token);
  }

  /** False when the oldest had to be forgotten. */
  set(token: string, offered: Offered): boolean {
    const full = !this.#offers.has(token) && this.#offers.size >= OFFERS_LIMIT;
    if (full) {
      for (const oldest of this.#offers.keys()) {
        this.#offers.delete(oldest);
        break;
      }
    }
    this.#offers.set(token, offered);
    return !full;
  }

  delete(token: string): void {
    this.#offers.delete(token);
  }

  held(): number {
    return this.#offers.size * 2 * HELD;
  }
}
