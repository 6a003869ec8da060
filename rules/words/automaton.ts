/**
 * Aho-Corasick: finds every word of every rule in one pass over a folded text, however many words
 * there are. Steps are amortised constant; at one place at most as many words end as have
 * different lengths.
 */
import { isWordUnit } from './fold.ts';
import { Trie } from './trie.ts';

/** Whether a word must begin (1) and end (2) at a word boundary. */
export const Boundary = { None: 0, Begin: 1, End: 2, Both: 3 } as const;
export type Boundary = (typeof Boundary)[keyof typeof Boundary];

/** What is found: units[start, end) is word `id`. */
export type Hit = (id: number, start: number, end: number) => void;

export class Automaton {
  readonly #trie = new Trie();
  readonly #ids = new Map<string, number>();
  /** Per word. */
  readonly #lengths: number[] = [];
  readonly #boundaries: Boundary[] = [];
  readonly #nextHere: number[] = []; // the next word that ends in the same state
  /** Per state. */
  readonly #first = new Map<number, number>();
  #word = new Int32Array(1).fill(-1);
  #fail = new Int32Array(1);
  #output = new Int32Array(1); // nearest state on the failure chain where a word ends, or 0

  /** Number of words. */
  get size(): number {
    return this.#lengths.length;
  }

  /** The id of a word, counted from 0; the same for the same word. `folded` is not empty. */
  add(folded: string, boundary: Boundary): number {
    const key = `${boundary}${folded}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#lengths.length;
    const units = Uint16Array.from({ length: folded.length }, (_, i) => folded.charCodeAt(i));
    const state = this.#trie.insert(units);
    this.#ids.set(key, id);
    this.#lengths.push(folded.length);
    this.#boundaries.push(boundary);
    this.#nextHere.push(this.#first.get(state) ?? -1);
    this.#first.set(state, id);
    return id;
  }

  /** Call once, after the last `add`. */
  build(): void {
    const states = this.#trie.size;
    this.#word = new Int32Array(states).fill(-1);
    for (const [state, id] of this.#first) this.#word[state] = id;
    this.#fail = new Int32Array(states);
    this.#output = new Int32Array(states);
    const children = childrenOf(this.#trie);
    const queue = [0];
    for (let head = 0; head < queue.length; head++) {
      const from = queue[head] ?? 0;
      for (const [unit, to] of children.get(from) ?? []) {
        const fail = from === 0 ? 0 : this.#next(this.#fail[from] ?? 0, unit);
        this.#fail[to] = fail;
        this.#output[to] = (this.#word[fail] ?? -1) >= 0 ? fail : (this.#output[fail] ?? 0);
        queue.push(to);
      }
    }
    this.#first.clear();
    this.#ids.clear();
  }

  /** Reports every word in units[0, length), by its end; a word may begin and end where `free` is 1. */
  search(units: Uint16Array, length: number, hit: Hit, free?: Uint8Array): void {
    let state = 0;
    for (let i = 0; i < length; i++) {
      state = this.#next(state, units[i] ?? 0);
      if (state === 0) continue;
      let ending = (this.#word[state] ?? -1) >= 0 ? state : (this.#output[state] ?? 0);
      while (ending !== 0) {
        let id = this.#word[ending] ?? -1;
        while (id >= 0) {
          const start = i + 1 - (this.#lengths[id] ?? 0);
          if (this.#bounded(id, units, start, i + 1, length, free)) hit(id, start, i + 1);
          id = this.#nextHere[id] ?? -1;
        }
        ending = this.#output[ending] ?? 0;
      }
    }
  }

  #next(from: number, unit: number): number {
    let state = from;
    while (true) {
      const to = this.#trie.step(state, unit);
      if (to >= 0) return to;
      if (state === 0) return 0;
      state = this.#fail[state] ?? 0;
    }
  }

  #bounded(
    id: number,
    units: Uint16Array,
    start: number,
    end: number,
    length: number,
    free: Uint8Array | undefined,
  ): boolean {
    const boundary = this.#boundaries[id] ?? Boundary.None;
    if ((boundary & Boundary.Begin) !== 0 && start > 0 && free?.[start] !== 1) {
      if (isWordUnit(units[start - 1] ?? 0)) return false;
    }
    if ((boundary & Boundary.End) === 0 || end >= length || free?.[end - 1] === 1) return true;
    return !isWordUnit(units[end] ?? 0);
  }
}

function childrenOf(trie: Trie): Map<number, [unit: number, to: number][]> {
  const children = new Map<number, [number, number][]>();
  trie.each((from, unit, to) => {
    const known = children.get(from);
    if (known === undefined) children.set(from, [[unit, to]]);
    else known.push([unit, to]);
  });
  return children;
}
