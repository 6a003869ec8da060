/** Collects the groups of all rules while they are compiled, and looks them up afterwards. */
import { type FieldName, fieldOf } from '../fields.ts';
import { parseNetwork } from '../lists/cidr.ts';
import { isGlob } from '../lists/identity.ts';
import { extensionKey } from '../lists/read-list.ts';
import type { List } from '../policy/policy.ts';
import { fold } from '../words/fold.ts';
import type { EventView } from './event-view.ts';
import { Hits } from './hits.ts';
import type { Matcher } from './matcher.ts';
import { AddressRecogniser, IdentityRecogniser, NameRecogniser } from './recognisers.ts';
import { type TextOf, textOf } from './values.ts';
import { WordRecogniser } from './word-recogniser.ts';

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
    return this.#group(`${space} = ${JSON.stringify(values)}`, (group) => {
      for (const value of values) {
        if (space === 'identity') this.#identities.add(value, group);
        else this.#names.addExact(value.toLowerCase(), group);
      }
    });
  }

  /** The whole identity fits the glob. */
  identityGlob(glob: string): number {
    return this.#group(`identity ~ ${glob}`, (group) => this.#identities.addGlob(glob, group));
  }

  /** The whole folded value fits the folded glob. */
  foldedGlob(glob: string): number {
    return this.#group(`folded ~ ${glob}`, (group) => this.#folded.addGlob(glob, group));
  }

  networks(nets: readonly string[]): number {
    return this.#group(`net ${nets.join()}`, (group) => this.#addNetworks(nets, group));
  }

  /** Entries of a list, looked up as the field needs. */
  list(field: FieldName, list: List): number {
    const space = spaceOf(field);
    const extension = fieldOf(field).type === 'extension';
    return this.#group(`list ${this.#listNumber(list)} ${space} ${extension}`, (group) => {
      const values = list.entries.map((entry) => entry.value);
      if (space === 'address') this.#addNetworks(values, group);
      else if (space === 'identity') for (const v of values) this.#identities.add(v, group);
      else if (extension) for (const v of values) this.#names.addExact(extensionKey(v), group);
      else for (const v of values) this.#addName(v.toLowerCase(), group);
    });
  }

  wordList(list: List): number {
    return this.#group(`words ${this.#listNumber(list)}`, (group) => {
      for (const { value } of list.entries) this.words.addWord(value, group);
    });
  }

  /** Texts that contain one of the folded literals. */
  literals(folded: readonly string[]): number {
    return this.#group(`literals ${JSON.stringify(folded)}`, (group) => {
      for (const literal of folded) this.words.addLiteral(literal, group);
    });
  }

  /** Call once, after the last rule. */
  build(): void {
    this.words.build();
    for (const lookup of this.#lookups.values()) lookup.hits = new Hits(this.#next);
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

  #group(key: string, add: (group: number) => void): number {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = this.#next++;
    this.#groups.set(key, group);
    add(group);
    return group;
  }

  #addName(value: string, group: number): void {
    if (isGlob(value)) this.#names.addGlob(value, group);
    else this.#names.addExact(value, group);
  }

  #addNetworks(nets: readonly string[], group: number): void {
    for (const net of nets) {
      const network = parseNetwork(net);
      if (network !== undefined) this.#addresses.add(network, group);
    }
  }

  #listNumber(list: List): number {
    const known = this.#lists.get(list);
    if (known !== undefined) return known;
    this.#lists.set(list, this.#lists.size);
    return this.#lists.size - 1;
  }
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
