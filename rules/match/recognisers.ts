/**
 * Look-up structures over all values of all rules: hash maps for exact values, tries for globs, a
 * trie of networks, one automaton for words. Each answers with group numbers.
 */
import { type Network, NetworkIndex } from '../lists/cidr.ts';
import { GlobIndex } from '../lists/glob.ts';
import { accountKey, identityKey, isGlob } from '../lists/identity.ts';
import { Automaton, Boundary } from '../words/automaton.ts';
import { Folded } from '../words/fold.ts';
import { ClosedUp } from '../words/spaced.ts';
import { wordForms } from '../words/word.ts';
import type { Values } from './event-view.ts';
import type { Hits } from './hits.ts';

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
    this.#names.collect(account, found);
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

/** Words of lists, and literals that other conditions need. */
export class WordRecogniser {
  readonly #automaton = new Automaton();
  /** Entries by word of the automaton: the forms of one entry count as one. */
  readonly #entriesOf: number[][] = [];
  readonly #groupOf: number[] = []; // per entry
  readonly #nameOf: string[] = []; // per entry
  #marks = new Uint32Array(0); // per entry
  #round = 0;
  readonly #folded = new Folded();
  readonly #closed = new ClosedUp();
  #hits: Hits | undefined;

  addWord(entry: string, group: number): void {
    const id = this.#entry(entry, group);
    for (const { folded, boundary } of wordForms(entry)) this.#link(folded, boundary, id);
  }

  /** A literal that stands anywhere; `folded` is not empty. */
  addLiteral(folded: string, group: number): void {
    this.#link(folded, Boundary.None, this.#entry(folded, group));
  }

  build(): void {
    this.#automaton.build();
    this.#marks = new Uint32Array(this.#groupOf.length);
  }

  get size(): number {
    return this.#automaton.size;
  }

  recognise(text: string | undefined, hits: Hits): void {
    if (text === undefined || this.#automaton.size === 0) return;
    this.#hits = hits;
    this.#round++;
    this.#folded.fold(text);
    const { units, length } = this.#folded;
    this.#automaton.search(units, length, this.#word);
    const closed = this.#closed;
    if (closed.closeUp(units, length)) {
      this.#automaton.search(closed.units, closed.length, this.#word, closed.inRun);
    }
    this.#folded.trim();
    closed.trim();
    this.#hits = undefined;
  }

  /** Where entries of `group` stand in `text`, at most `most`; ranges of the original text. */
  find(text: string, group: number, most: number): { start: number; end: number; word: string }[] {
    const found = new Map<string, { start: number; end: number; word: string }>();
    const folded = this.#folded;
    folded.fold(text, true);
    const { units, length, origins } = folded;
    const add = (id: number, first: number, last: number) => {
      if (found.size >= most) return;
      for (const entry of this.#entriesOf[id] ?? []) {
        if (this.#groupOf[entry] !== group) continue;
        const end = last + 1 < length ? (origins[last + 1] ?? text.length) : text.length;
        const start = origins[first] ?? 0;
        found.set(`${start} ${entry}`, {
          start,
          end: trimEnd(text, start, end),
          word: this.#nameOf[entry] ?? '',
        });
      }
    };
    this.#automaton.search(units, length, (id, start, end) => add(id, start, end - 1));
    const closed = this.#closed;
    if (closed.closeUp(units, length)) {
      const places = closed.origins;
      const addClosed = (id: number, start: number, end: number) =>
        add(id, places[start] ?? 0, places[end - 1] ?? 0);
      this.#automaton.search(closed.units, closed.length, addClosed, closed.inRun);
    }
    folded.trim();
    return [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  }

  readonly #word = (id: number): void => {
    const entries = this.#entriesOf[id];
    if (entries === undefined || this.#hits === undefined) return;
    for (const entry of entries) {
      if (this.#marks[entry] === this.#round) continue;
      this.#marks[entry] = this.#round;
      this.#hits.value();
      this.#hits.hit(this.#groupOf[entry] ?? 0);
    }
  };

  #entry(name: string, group: number): number {
    this.#groupOf.push(group);
    this.#nameOf.push(name);
    return this.#groupOf.length - 1;
  }

  #link(folded: string, boundary: Boundary, entry: number): void {
    const id = this.#automaton.add(folded, boundary);
    const known = this.#entriesOf[id];
    if (known === undefined) this.#entriesOf[id] = [entry];
    else if (known.at(-1) !== entry) known.push(entry);
  }
}

/** White space after a word belongs to the text around it. */
function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}
