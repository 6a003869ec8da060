/**
 * Aho-Corasick: finds every word of every rule in one pass over a folded text, however many words
 * there are. Steps are amortised constant; at one place at most as many words end as have
 * different lengths.
 */
import type { Steps } from '../steps.ts';
import { isWordUnit } from './fold.ts';
import { Trie } from './trie.ts';

/** Whether a word must begin (1) and end (2) at a word boundary. */
export const Boundary = { None: 0, Begin: 1, End: 2, Both: 3 } as const;
export type Boundary = (typeof Boundary)[keyof typeof Boundary];

const STATES_A_STEP = 0x3f;
const STATES_SUMMED_A_STEP = 0xfff;

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

  /** Makes room for a word of so many units. */
  room(units: number): Steps<void> {
    return this.#trie.room(units);
  }

  /** Call once, after the last `add`. */
  *building(): Steps<void> {
    const states = this.#trie.size;
    this.#word = new Int32Array(states).fill(-1);
    let marked = 0;
    for (const [state, id] of this.#first) {
      this.#word[state] = id;
      if ((++marked & STATES_SUMMED_A_STEP) === 0) yield;
    }
    this.#fail = new Int32Array(states);
    this.#output = new Int32Array(states);
    const { firsts, units, targets } = yield* childrenOf(this.#trie);
    const queue = new Int32Array(states); // by depth; the root is its first
    let queued = 1;
    for (let head = 0; head < queued; head++) {
      const from = queue[head] ?? 0;
      const end = firsts[from + 1] ?? 0;
      for (let child = firsts[from] ?? 0; child < end; child++) {
        const to = targets[child] ?? 0;
        const fail = from === 0 ? 0 : this.#next(this.#fail[from] ?? 0, units[child] ?? 0);
        this.#fail[to] = fail;
        this.#output[to] = (this.#word[fail] ?? -1) >= 0 ? fail : (this.#output[fail] ?? 0);
        queue[queued++] = to;
      }
      if ((head & STATES_A_STEP) === STATES_A_STEP) yield;
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

/** The children of state s are units[i] → targets[i] for i in [firsts[s], firsts[s + 1]). */
interface Children {
  readonly firsts: Int32Array;
  readonly units: Uint16Array;
  readonly targets: Int32Array;
}

function* childrenOf(trie: Trie): Steps<Children> {
  const firsts = new Int32Array(trie.size + 1);
  yield* trie.each((from) => {
    firsts[from + 1] = (firsts[from + 1] ?? 0) + 1;
  });
  for (let state = 0; state < trie.size; state++) {
    firsts[state + 1] = (firsts[state + 1] ?? 0) + (firsts[state] ?? 0);
    if ((state & STATES_SUMMED_A_STEP) === STATES_SUMMED_A_STEP) yield;
  }
  const edges = firsts[trie.size] ?? 0;
  const units = new Uint16Array(edges);
  const targets = new Int32Array(edges);
  const next = firsts.slice();
  yield* trie.each((from, unit, to) => {
    const at = next[from] ?? 0;
    next[from] = at + 1;
    units[at] = unit;
    targets[at] = to;
  });
  return { firsts, units, targets };
}
