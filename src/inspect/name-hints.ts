/**
 * Which of the catalogue's hosts an address was the answer for: names looked up on the wire, remembered as long as
 * they say, at least an hour (clients keep names longer than their time to live) and at most a day.
 *
 * Bounded by Limits.nameHints: the least recently used goes first. An address that is also the answer for a name of
 * nobody's is nobody's again: content networks answer with the same addresses for all.
 */
import { LRUCache } from 'lru-cache';
import { addressKeyOf } from '../flow/place-key.ts';

const SECOND = 1e6; // microseconds
const AT_LEAST = 3600 * SECOND;
const AT_MOST = 86_400 * SECOND;
const ADDRESSES = 32; // of one answer

interface Hint {
  readonly host: string;
  /** Microseconds since 1970. */
  readonly until: number;
}

export class NameHints {
  readonly #limit: number;
  /** Made with the first: it has room for all at once. */
  #hints: LRUCache<string, Hint> | undefined = undefined;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get size(): number {
    return this.#hints?.size ?? 0;
  }

  /** `isKnown`: the host is one of the catalogue's; `ttl` in seconds. */
  add(
    host: string,
    isKnown: boolean,
    addresses: readonly string[],
    ttl: number,
    now: number,
  ): void {
    if (!isKnown) {
      this.remove(addresses);
      return;
    }
    this.#hints ??= new LRUCache({ max: this.#limit });
    const until = now + Math.min(AT_MOST, Math.max(AT_LEAST, ttl * SECOND));
    const most = Math.min(addresses.length, ADDRESSES);
    for (let i = 0; i < most; i++) {
      const key = addressKeyOf(addresses[i] ?? '');
      if (key !== undefined) this.#hints.set(key, { host, until });
    }
  }

  /** They are addresses of nobody's name. */
  remove(addresses: readonly string[]): void {
    if (this.#hints === undefined || this.#hints.size === 0) return;
    const most = Math.min(addresses.length, ADDRESSES);
    for (let i = 0; i < most; i++) {
      const key = addressKeyOf(addresses[i] ?? '');
      if (key !== undefined) this.#hints.delete(key);
    }
  }

  /** The host that the address was the answer for last. */
  at(key: string, now: number): string | undefined {
    const hint = this.#hints?.get(key);
    if (hint === undefined) return undefined;
    if (hint.until >= now) return hint.host;
    this.#hints?.delete(key);
    return undefined;
  }
}
