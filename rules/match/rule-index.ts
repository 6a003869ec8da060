/**
 * Which rules can match an event at all. For each kind of event every rule is filed under the
 * rarest group it needs, or among those that are always asked; an event then meets only the rules
 * of the groups it hits.
 */
import { EVENT_KINDS, type EventKind } from '../../src/event/kinds.ts';
import type { Rule } from '../policy/policy.ts';
import type { Compiled, Key } from './compile-condition.ts';
import type { Matcher } from './matcher.ts';
import type { Lookup } from './vocabulary.ts';

interface Filed {
  readonly lookup: Lookup;
  /** Rule numbers by group, ascending. */
  readonly rules: Map<number, number[]>;
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
  readonly #kinds = new Map<EventKind, KindIndex>();
  /** Rule numbers that the last event may match, ascending: candidates[0, size). */
  candidates: Int32Array = new Int32Array(16);
  size = 0;
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(rules: readonly Rule[], compiled: readonly (Compiled | undefined)[]) {
    this.#seen = new Uint32Array(rules.length);
    const members = new Map<EventKind, number[]>(EVENT_KINDS.map((kind) => [kind, []]));
    for (const [i, rule] of rules.entries()) {
      for (const kind of rule.kinds) members.get(kind)?.push(i);
    }
    const shared = new Map<string, KindIndex>(); // kinds with the same rules have one index
    for (const [kind, numbers] of members) {
      if (numbers.length === 0) continue;
      const key = numbers.join();
      let index = shared.get(key);
      if (index === undefined) {
        index = new KindIndex();
        for (const i of numbers) index.add(i, compiled[i]?.keys);
        shared.set(key, index);
      }
      this.#kinds.set(kind, index);
    }
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
