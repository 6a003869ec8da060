/** Collects the groups of all rules while they are compiled, and looks them up afterwards. */
import { type FieldName, fieldOf } from '../fields.ts';
import { parseNetwork } from '../lists/cidr.ts';
import { isGlob } from '../lists/identity.ts';
import { extensionKey } from '../lists/read-list.ts';
import type { List } from '../policy/policy.ts';
import { finish, type Steps } from '../steps.ts';
import { fold } from '../words/fold.ts';
import type { EventView } from './event-view.ts';
import { Hits } from './hits.ts';
import type { Matcher } from './matcher.ts';
import { AddressRecogniser, IdentityRecogniser, NameRecogniser } from './recognisers.ts';
import { type TextOf, textOf } from './values.ts';
import { WordRecogniser } from './word-recogniser.ts';

const MOST_SPELLED = 64; // values

/** How a field's values are looked up. */
type Space = 'identity' | 'name' | 'folded' | 'address' | 'word';

/** One field looked up in one space: filled at most once an event. */
export class Lookup {
  readonly field: FieldName;
  readonly space: Space;
  /** Number among the lookups of a rule set. */
  readonly number: number;
  readonly read: TextOf;
  hits = new Hits(0);
  /** The event it was filled for. */
  round = 0;

  constructor(field: FieldName, space: Space, number: number) {
    this.field = field;
    this.space = space;
    this.number = number;
    this.read = textOf(field);
  }
}

export class Vocabulary {
  readonly #identities = new IdentityRecogniser();
  readonly #names = new NameRecogniser();
  readonly #folded = new NameRecogniser();
  readonly #addresses = new AddressRecogniser();
  readonly words = new WordRecogniser();
  /** Costly tests by what they ask: asked once an event, however many rules ask the same. */
  readonly shared = new Map<string, (matcher: Matcher) => boolean>();
  readonly #groups = new Map<string, number>();
  readonly #lists = new Map<List, number>();
  readonly #lookups = new Map<string, Lookup>();
  /** Arrays too long to be known by what is in them. */
  readonly #long = new Map<readonly string[], number>();
  /** What is still to be entered for groups that have their number. */
  #pending: Steps<void>[] = [];
  #built = false;
  #next = 0;

  lookup(field: FieldName, space: Space = spaceOf(field)): Lookup {
    const key = `${field} ${space}`;
    let lookup = this.#lookups.get(key);
    if (lookup === undefined) {
      lookup = new Lookup(field, space, this.#lookups.size);
      this.#lookups.set(key, lookup);
    }
    return lookup;
  }

  /** Any of the values, literally, whatever their case. */
  values(field: FieldName, values: readonly string[]): number {
    const space = spaceOf(field);
    return this.#group(`${space} = ${this.#spelled(values)}`, (group) =>
      space === 'identity'
        ? this.#addIdentities(values, group)
        : this.#addExact(values, (value) => value.toLowerCase(), group),
    );
  }

  /** The whole identity fits the glob. */
  identityGlob(glob: string): number {
    return this.#group(`identity ~ ${glob}`, (group) => this.#addIdentityGlob(glob, group));
  }

  /** The whole folded value fits the folded glob. */
  foldedGlob(glob: string): number {
    return this.#group(`folded ~ ${glob}`, (group) => this.#addFoldedGlob(glob, group));
  }

  networks(nets: readonly string[]): number {
    return this.#group(`net ${this.#spelled(nets)}`, (group) => this.#addNetworks(nets, group));
  }

  /** Entries of a list, looked up as the field needs. */
  list(field: FieldName, list: List): number {
    const space = spaceOf(field);
    const extension = fieldOf(field).type === 'extension';
    return this.#group(`list ${this.#listNumber(list)} ${space} ${extension}`, (group) => {
      const values = valuesOf(list);
      if (space === 'address') return this.#addNetworks(values, group);
      if (space === 'identity') return this.#addIdentities(values, group);
      return extension
        ? this.#addExact(values, extensionKey, group)
        : this.#addNames(values, group);
    });
  }

  wordList(list: List): number {
    return this.#group(`words ${this.#listNumber(list)}`, (group) => this.#addWords(list, group));
  }

  /** Texts that contain one of the folded literals. */
  literals(folded: readonly string[]): number {
    return this.#group(`literals ${JSON.stringify(folded)}`, (group) =>
      this.#addLiterals(folded, group),
    );
  }

  /** Work that is to be done before the first event: put off while compiling, else done now. */
  later(work: Steps<void>): void {
    if (this.#built) finish(work);
    else this.#pending.push(work);
  }

  /** Enters what the rules so far have put off. */
  *settling(): Steps<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const work of pending) yield* work;
  }

  /** Run once, after the last rule. */
  *building(): Steps<void> {
    yield* this.settling();
    yield* this.words.building();
    for (const lookup of this.#lookups.values()) {
      lookup.hits = new Hits(this.#next);
      yield;
    }
    this.#built = true;
  }

  /** Fills a lookup from an event. */
  fill(lookup: Lookup, view: EventView): void {
    const { hits, field, space, read } = lookup;
    hits.begin();
    if (space === 'address') {
      const { client, server } = view.endpoints;
      this.#addresses.recognise(field === 'flow.client' ? client : server, hits);
      return;
    }
    const values = read(view);
    if (space === 'identity') this.#identities.recognise(view.event.service, values, hits);
    else if (space === 'name') this.#names.recognise(values, hits);
    else if (space === 'word') this.words.recognise(values, hits);
    else if (typeof values === 'string') this.#folded.recognise(fold(values), hits);
    else this.#folded.recognise(values?.map(fold), hits);
  }

  #group(key: string, add: (group: number) => Steps<void>): number {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = this.#next++;
    this.#groups.set(key, group);
    this.later(add(group));
    return group;
  }

  *#addIdentities(entries: Iterable<string>, group: number): Steps<void> {
    for (const entry of entries) {
      if (isGlob(entry)) yield* this.#identities.room(entry);
      this.#identities.add(entry, group);
      yield;
    }
  }

  *#addIdentityGlob(glob: string, group: number): Steps<void> {
    yield* this.#identities.room(glob);
    this.#identities.addGlob(glob, group);
  }

  *#addFoldedGlob(glob: string, group: number): Steps<void> {
    yield* this.#folded.room(glob);
    this.#folded.addGlob(glob, group);
  }

  *#addExact(values: Iterable<string>, key: (value: string) => string, group: number): Steps<void> {
    for (const value of values) {
      this.#names.addExact(key(value), group);
      yield;
    }
  }

  *#addNames(values: Iterable<string>, group: number): Steps<void> {
    for (const value of values) {
      const lower = value.toLowerCase();
      if (isGlob(lower)) {
        yield* this.#names.room(lower);
        this.#names.addGlob(lower, group);
      } else this.#names.addExact(lower, group);
      yield;
    }
  }

  *#addNetworks(nets: Iterable<string>, group: number): Steps<void> {
    for (const net of nets) {
      const network = parseNetwork(net);
      if (network !== undefined) this.#addresses.add(network, group);
      yield;
    }
  }

  *#addWords(list: List, group: number): Steps<void> {
    for (const { value } of list.entries) {
      yield* this.words.room();
      this.words.addWord(value, group);
      yield;
    }
  }

  *#addLiterals(folded: readonly string[], group: number): Steps<void> {
    for (const literal of folded) {
      yield* this.words.room(literal.length);
      this.words.addLiteral(literal, group);
      yield;
    }
  }

  /** The same text for the same values; long arrays are the same only if they are one. */
  #spelled(values: readonly string[]): string {
    if (values.length <= MOST_SPELLED) return JSON.stringify(values);
    const known = this.#long.get(values);
    if (known === undefined) this.#long.set(values, this.#long.size);
    return `#${known ?? this.#long.size - 1}`;
  }

  #listNumber(list: List): number {
    const known = this.#lists.get(list);
    if (known !== undefined) return known;
    this.#lists.set(list, this.#lists.size);
    return this.#lists.size - 1;
  }
}

function* valuesOf(list: List): Iterable<string> {
  for (const { value } of list.entries) yield value;
}

function spaceOf(field: FieldName): 'identity' | 'name' | 'address' {
  switch (fieldOf(field).type) {
    case 'identity':
    case 'members':
      return 'identity';
    case 'address':
      return 'address';
    default:
      return 'name';
  }
}
