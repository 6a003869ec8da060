/**
 * Which rules can match an event at all. For each kind of event every rule is filed under the
 * rarest group it needs, or among those that are always asked; an event then meets only the rules
 * of the groups it hits.
 */
import { EVENT_KINDS, type EventKind } from '../../src/event/kinds.ts';
import type { Rule } from '../policy/policy.ts';
import type { Steps } from '../steps.ts';
import type { Compiled, Key } from './compile-condition.ts';
import type { Matcher } from './matcher.ts';
import type { Lookup } from './vocabulary.ts';

interface Filed {
  readonly lookup: Lookup;
  /** Rule numbers by group, ascending. */
  readonly rules: Map<number, number[]>;
}

/** Rules that are about the same kinds, by the indexes they are filed in. */
interface Alike {
  readonly kinds: readonly EventKind[];
  readonly indexes: KindIndex[];
}

class KindIndex {
  readonly always: number[] = [];
  readonly filed: Filed[] = [];

  add(rule: number, keys: readonly Key[] | undefined): void {
    if (keys === undefined) this.always.push(rule);
    else for (const { lookup, group } of keys) this.#file(lookup, group, rule);
  }

  #file(lookup: Lookup, group: number, rule: number): void {
    let filed = this.filed.find((f) => f.lookup === lookup);
    if (filed === undefined) {
      filed = { lookup, rules: new Map() };
      this.filed.push(filed);
    }
    const known = filed.rules.get(group);
    if (known === undefined) filed.rules.set(group, [rule]);
    else if (known.at(-1) !== rule) known.push(rule);
  }
}

const NONE = new KindIndex();
const SMALL = 16; // candidates up to which insertion is the faster sort

export class RuleIndex {
  readonly #kinds: ReadonlyMap<EventKind, KindIndex>;
  /** Rule numbers that the last event may match, ascending: candidates[0, size). */
  candidates: Int32Array = new Int32Array(16);
  size = 0;
  readonly #seen: Uint32Array;
  #round = 0;

  private constructor(kinds: ReadonlyMap<EventKind, KindIndex>, rules: number) {
    this.#kinds = kinds;
    this.#seen = new Uint32Array(rules);
  }

  static *building(
    rules: readonly Rule[],
    compiled: readonly (Compiled | undefined)[],
  ): Steps<RuleIndex> {
    const alike = new Map<string, Alike>();
    const setOf: Alike[] = [];
    for (const { kinds } of rules) {
      const key = kinds.join();
      let set = alike.get(key);
      if (set === undefined) {
        set = { kinds, indexes: [] };
        alike.set(key, set);
      }
      setOf.push(set);
      yield;
    }
    const indexes = new Map<EventKind, KindIndex>();
    const shared = new Map<string, KindIndex>(); // kinds with the same rules have one index
    for (const kind of EVENT_KINDS) {
      const asking = [...alike].filter(([, { kinds }]) => kinds.includes(kind));
      if (asking.length === 0) continue;
      const key = asking.map(([name]) => name).join(' ');
      let index = shared.get(key);
      if (index === undefined) {
        index = new KindIndex();
        shared.set(key, index);
        for (const [, set] of asking) set.indexes.push(index);
      }
      indexes.set(kind, index);
      yield;
    }
    for (const [i, set] of setOf.entries()) {
      for (const index of set.indexes) index.add(i, compiled[i]?.keys);
      yield;
    }
    return new RuleIndex(indexes, rules.length);
  }

  /** Fills `candidates`. */
  gather(kind: EventKind, matcher: Matcher): void {
    const { always, filed } = this.#kinds.get(kind) ?? NONE;
    this.size = 0;
    this.#round = this.#round === 0xffff_ffff ? this.#restart() : this.#round + 1;
    for (const { lookup, rules } of filed) {
      const { list, size } = matcher.hits(lookup);
      for (let i = 0; i < size; i++) {
        const numbers = rules.get(list[i] ?? -1);
        if (numbers !== undefined) for (const rule of numbers) this.#put(rule);
      }
    }
    const found = this.size;
    for (const rule of always) this.#put(rule);
    if (found === 0) return; // the rules that are always asked are in order
    if (this.size > SMALL) this.candidates.subarray(0, this.size).sort();
    else sortFew(this.candidates, this.size);
  }

  #put(rule: number): void {
    if (this.#seen[rule] === this.#round) return;
    this.#seen[rule] = this.#round;
    if (this.size === this.candidates.length) {
      const grown = new Int32Array(this.size * 2);
      grown.set(this.candidates);
      this.candidates = grown;
    }
    this.candidates[this.size++] = rule;
  }

  #restart(): number {
    this.#seen.fill(0);
    return 1;
  }
}

function sortFew(numbers: Int32Array, size: number): void {
  for (let i = 1; i < size; i++) {
    const n = numbers[i] ?? 0;
    let at = i;
    while (at > 0 && (numbers[at - 1] ?? 0) > n) {
      numbers[at] = numbers[at - 1] ?? 0;
      at--;
    }
    numbers[at] = n;
  }
}
