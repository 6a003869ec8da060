/** DCC offers that wait for an answer, found again by port or token and the other party. Bounded. */
import type { TransferOffer } from '../contract.ts';
import { OFFERS_LIMIT } from './irc-limits.ts';

export class Offers {
  readonly #open = new Map<string, TransferOffer>();

  /** `mark`: the token of a passive offer, else the port. `peer`: the other party, folded. False when the oldest is forgotten for it. */
  add(mark: string, peer: string, offer: TransferOffer): boolean {
    const key = keyOf(mark, peer);
    this.#open.delete(key);
    this.#open.set(key, offer);
    if (this.#open.size <= OFFERS_LIMIT) return true;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
    return false;
  }

  find(mark: string, peer: string): TransferOffer | undefined {
    return this.#open.get(keyOf(mark, peer));
  }

  /** The latest offer to or from the peer of a file of that name; a refusal names nothing else. */
  findByName(name: string | undefined, peer: string): TransferOffer | undefined {
    let found: TransferOffer | undefined;
    for (const [key, offer] of this.#open) {
      if (offer.name === name && key.endsWith(`\n${peer}`)) found = offer;
    }
    return found;
  }

  held(): number {
    let octets = 0;
    for (const [key, offer] of this.#open)
      octets += 256 + 2 * (key.length + (offer.name?.length ?? 0));
    return octets;
  }
}

function keyOf(mark: string, peer: string): string {
  return `${mark}\n${peer}`;
}
