/**
 * Whom each account knows: entries of its contact list, contacts it approved or asked to be
 * approved by, rooms it joined, and those it wrote to itself. Nothing a stranger does makes him
 * known: not writing first, not approving what nobody asked, not being suggested by a third.
 */
import { LRUCache } from 'lru-cache';
import type { ImEvent } from '../../src/event/event.ts';
import { accountKey } from '../lists/identity.ts';

/** Pairs of account and contact; the least recently used is forgotten. About 200 octets each. */
export const MOST_KNOWN = 131_072;

export class KnownContacts {
  readonly #pairs = new LRUCache<string, true>({ max: MOST_KNOWN });

  knows(service: string | undefined, account: string, contact: string): boolean {
    return this.#pairs.get(pair(service, account, contact)) === true;
  }

  /** What a permitted event teaches; `peers` are its other parties. */
  learn(event: ImEvent, account: string, peers: readonly string[] | string): void {
    const { kind, service, list } = event;
    switch (kind) {
      case 'contact.list':
        if (list === 'block' || list === 'pending' || list === 'reverse') return;
        break;
      case 'contact.add':
        // A roster item exchange (XEP-0144) only suggests.
        if (list === 'block' || (event.origin === 'server' && event.reason !== undefined)) return;
        break;
      case 'contact.remove':
      case 'contact.deny':
      case 'contact.block':
        each(peers, (peer) => this.#pairs.delete(pair(service, account, peer)));
        return;
      case 'contact.approve':
      case 'contact.request':
      case 'message':
      case 'room.join':
        if (event.origin !== 'client') return;
        break;
      default:
        return;
    }
    each(peers, (peer) => {
      const key = pair(service, account, peer);
      if (this.#pairs.get(key) !== true) this.#pairs.set(key, true);
    });
  }
}

function each(peers: readonly string[] | string, act: (peer: string) => void): void {
  if (typeof peers === 'string') act(peers);
  else for (const peer of peers) act(peer);
}

function pair(service: string | undefined, account: string, contact: string): string {
  return `${service} ${accountKey(service, account)} ${accountKey(service, contact)}`;
}
