/** A set of identities and globs, asked one identity at a time. */
import { GlobIndex } from './glob.ts';
import { identityKey, isGlob } from './identity.ts';

export class IdentitySet {
  readonly #exact = new Set<string>();
  readonly #globs = new GlobIndex();

  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const key = identityKey(entry);
      if (isGlob(key)) this.#globs.add(key, 0);
      else this.#exact.add(key);
    }
  }

  /** `account` in comparable spelling (accountKey). */
  has(service: string | undefined, account: string): boolean {
    if (this.#exact.size === 0 && this.#globs.size === 0) return false;
    const qualified = `${service}:${account}`;
    if (this.#exact.has(account) || this.#exact.has(qualified)) return true;
    let found = false;
    const hit = () => {
      found = true;
    };
    this.#globs.match(account, hit);
    if (!found) this.#globs.match(qualified, hit);
    return found;
  }
}
