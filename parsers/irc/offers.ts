/** DCC offers that wait for an answer, found again by port or token and the other party. Bounded. */
import { ownCopy } from '../../src/bytes/text.ts';
import type { TransferOffer } from '../contract.ts';
import { NAME_LIMIT, OFFERS_LIMIT } from './irc-limits.ts';

const OFFER_HELD = 320; // octets of one offer beside its texts

interface Waiting {
  readonly peer: string;
  readonly offer: TransferOffer;
}

export class Offers {
  readonly #open = new Map<string, Waiting>();

  /** `mark`: the token of a passive offer, else the port. `peer`: the other party, folded. False when the oldest is forgotten for it. */
  add(mark: string, peer: string, offer: TransferOffer): boolean {
    if (mark.length + peer.length > NAME_LIMIT) return false;
    const key = ownCopy(keyOf(mark, peer));
    this.#open.delete(key);
    this.#open.set(key, { peer: ownCopy(peer), offer });
    if (this.#open.size <= OFFERS_LIMIT) return true;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
    return false;
  }

  find(mark: string, peer: string): TransferOffer | undefined {
    return this.#open.get(keyOf(mark, peer))?.offer;
  }

  /** The latest offer to or from the peer of a file of that name; a refusal names nothing else. */
  findByName(name: string | undefined, peer: string): TransferOffer | undefined {
    let found: TransferOffer | undefined;
    for (const waiting of this.#open.values()) {
      if (waiting.offer.name === name && waiting.peer === peer) found = waiting.offer;
    }
    return found;
  }

  held(): number {
    let octets = 0;
    for (const [key, { peer, offer }] of this.#open) {
      const { sender = '', recipient = '', name = '', token = '', room = '' } = offer;
      const names = sender.length + recipient.length + name.length + token.length + room.length;
      octets += OFFER_HELD + 2 * (key.length + peer.length + names);
    }
    return octets;
  }
}

function keyOf(mark: string, peer: string): string {
  return `${mark}\n${peer}`;
}
