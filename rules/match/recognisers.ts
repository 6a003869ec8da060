/**
 * Look-up structures over all values of all rules: hash maps for exact values, tries for globs, a
 * trie of networks. Each answers with group numbers.
 */
import { type Network, NetworkIndex } from '../lists/cidr.ts';
import { GlobIndex } from '../lists/glob.ts';
import { accountKey, identityKey, isGlob, looksQualified } from '../lists/identity.ts';
import type { Steps } from '../steps.ts';
import type { Hits } from './hits.ts';
import type { Values } from './parties.ts';

const MOST_REMEMBERED = 8192; // identities whose groups are remembered
const NOTHING: readonly number[] = [];

/** Exact values and globs in lower case. */
export class NameRecogniser {
  readonly #exact = new Map<string, number[]>();
  readonly #globs = new GlobIndex();

  addExact(value: string, group: number): void {
    const known = this.#exact.get(value);
    if (known === undefined) this.#exact.set(value, [group]);
    else if (known.at(-1) !== group) known.push(group);
  }

  /** Makes room for one more glob. */
  room(glob: string): Steps<void> {
    return this.#globs.room(glob);
  }

  addGlob(glob: string, group: number): void {
    this.#globs.add(glob, group);
  }

  #look(value: string, hits: Hits): void {
    const groups = this.#exact.get(value);
    if (groups !== undefined) for (const group of groups) hits.hit(group);
    if (this.#globs.size > 0) this.#globs.match(value, (group) => hits.hit(group));
  }

  /** The groups of one value. */
  collect(value: string, groups: Set<number>): void {
    for (const group of this.#exact.get(value) ?? NOTHING) groups.add(group);
    this.#globs.match(value, (group) => groups.add(group));
  }

  recognise(values: Values, hits: Hits): void {
    if (values === undefined) return;
    if (typeof values === 'string') {
      hits.value();
      this.#look(values.toLowerCase(), hits);
    } else {
      for (const value of values) {
        hits.value();
        this.#look(value.toLowerCase(), hits);
      }
    }
  }
}

/** Identities: an entry may name the account alone or with its service. */
export class IdentityRecogniser {
  readonly #names = new NameRecogniser();
  /** The groups of identities seen lately, by service: the same people talk all day. */
  readonly #remembered = new Map<string | undefined, Map<string, readonly number[]>>();
  #size = 0;

  room(glob: string): Steps<void> {
    return this.#names.room(glob);
  }

  add(entry: string, group: number): void {
    const key = identityKey(entry);
    if (isGlob(key)) this.#names.addGlob(key, group);
    else this.#names.addExact(key, group);
  }

  addGlob(glob: string, group: number): void {
    this.#names.addGlob(identityKey(glob), group);
  }

  recognise(service: string | undefined, values: Values, hits: Hits): void {
    if (values === undefined) return;
    if (typeof values === 'string') this.#look(service, values, hits);
    else for (const value of values) this.#look(service, value, hits);
  }

  #look(service: string | undefined, value: string, hits: Hits): void {
    hits.value();
    for (const group of this.#groupsOf(service, value)) hits.hit(group);
  }

  #groupsOf(service: string | undefined, value: string): readonly number[] {
    let known = this.#remembered.get(service);
    const before = known?.get(value);
    if (before !== undefined) return before;
    if (this.#size >= MOST_REMEMBERED) {
      this.#remembered.clear();
      this.#size = 0;
      known = undefined;
    }
    if (known === undefined) {
      known = new Map();
      this.#remembered.set(service, known);
    }
    const found = new Set<number>();
    const account = accountKey(service, value);
    if (!looksQualified(account)) this.#names.collect(account, found);
    this.#names.collect(`${service}:${account}`, found);
    const groups = found.size === 0 ? NOTHING : [...found];
    known.set(value, groups);
    this.#size++;
    return groups;
  }
}

export class AddressRecogniser {
  readonly #networks = new NetworkIndex();
  /** By the address object of a flow, which serves all of its events. */
  readonly #remembered = new WeakMap<Int32Array, readonly number[]>();

  add(network: Network, group: number): void {
    this.#networks.add(network, group);
  }

  recognise(address: Int32Array | undefined, hits: Hits): void {
    if (address === undefined) return;
    hits.value();
    let groups = this.#remembered.get(address);
    if (groups === undefined) {
      const found: number[] = [];
      this.#networks.match(address, (group) => found.push(group));
      groups = found;
      this.#remembered.set(address, groups);
    }
    for (const group of groups) hits.hit(group);
  }
}
