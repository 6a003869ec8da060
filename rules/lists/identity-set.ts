/** A set of identities and globs, asked one identity at a time. */
import { finish, type Steps } from '../steps.ts';
import { GlobIndex } from './glob.ts';
import { accountKey, identityKey, isGlob, looksQualified } from './identity.ts';

const MOST_REMEMBERED = 8192; // identities; the same people talk all day

export class IdentitySet {
  readonly #exact = new Set<string>();
  readonly #globs = new GlobIndex();
  readonly #remembered = new Map<string | undefined, Map<string, boolean>>();
  #size = 0;

  constructor(entries: readonly string[]) {
    finish(this.#adding(entries));
  }

  /** The same in steps. */
  static *building(entries: readonly string[]): Steps<IdentitySet> {
    const set = new IdentitySet([]);
    yield* set.#adding(entries);
    return set;
  }

  *#adding(entries: readonly string[]): Steps<void> {
    for (const entry of entries) {
      const key = identityKey(entry);
      if (isGlob(key)) {
        yield* this.#globs.room(key);
        this.#globs.add(key, 0);
      } else this.#exact.add(key);
      yield;
    }
  }

  has(service: string | undefined, account: string): boolean {
    if (this.#exact.size === 0 && this.#globs.size === 0) return false;
    let known = this.#remembered.get(service);
    const before = known?.get(account);
    if (before !== undefined) return before;
    if (known === undefined || this.#size >= MOST_REMEMBERED) {
      if (this.#size >= MOST_REMEMBERED) this.#remembered.clear();
      if (this.#remembered.size === 0) this.#size = 0;
      known = new Map();
      this.#remembered.set(service, known);
    }
    const found = this.#look(service, accountKey(service, account));
    known.set(account, found);
    this.#size++;
    return found;
  }

  #look(service: string | undefined, account: string): boolean {
    const qualified = `${service}:${account}`;
    const alone = !looksQualified(account);
    if ((alone && this.#exact.has(account)) || this.#exact.has(qualified)) return true;
    let found = false;
    const hit = () => {
      found = true;
    };
    if (alone) this.#globs.match(account, hit);
    if (!found) this.#globs.match(qualified, hit);
    return found;
  }
}
