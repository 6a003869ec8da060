/**
 * A trie over UTF-16 units in typed arrays: one open-addressing table of edges (state, unit) →
 * state, and a direct row for the root's ASCII edges, where most steps of a search end.
 */
import { finish, type Steps } from '../steps.ts';

const ROOT = 0;
const EMPTY = -1;
const SLOTS_A_STEP = 0xff;

export class Trie {
  /** States in use; the root is 0. */
  size = 1;
  #states = new Int32Array(64).fill(EMPTY);
  #units = new Uint16Array(64);
  #targets = new Int32Array(64);
  #edges = 0;
  readonly #root = new Int32Array(128).fill(EMPTY);

  /** The state after `unit`, or -1. */
  step(state: number, unit: number): number {
    if (state === ROOT && unit < 128) return this.#root[unit] ?? EMPTY;
    const mask = this.#states.length - 1;
    let slot = hash(state, unit) & mask;
    while (true) {
      const owner = this.#states[slot];
      if (owner === EMPTY || owner === undefined) return EMPTY;
      if (owner === state && this.#units[slot] === unit) return this.#targets[slot] ?? EMPTY;
      slot = (slot + 1) & mask;
    }
  }

  /** The state of the path `units`, made if need be. */
  insert(units: ArrayLike<number>): number {
    let state = ROOT;
    for (let i = 0; i < units.length; i++) {
      const unit = units[i] ?? 0;
      let next = this.step(state, unit);
      if (next === EMPTY) {
        next = this.size++;
        this.#link(state, unit, next);
      }
      state = next;
    }
    return state;
  }

  /** Every edge, in no order but always the same. */
  *each(edge: (from: number, unit: number, to: number) => void): Steps<void> {
    for (let slot = 0; slot < this.#states.length; slot++) {
      const from = this.#states[slot] ?? EMPTY;
      if (from !== EMPTY) edge(from, this.#units[slot] ?? 0, this.#targets[slot] ?? 0);
      if ((slot & SLOTS_A_STEP) === SLOTS_A_STEP) yield;
    }
  }

  /** Makes room for `edges` more, so that inserting them never stops to rebuild the table. */
  *room(edges: number): Steps<void> {
    while ((this.#edges + edges) * 2 > this.#states.length) yield* this.#grow();
  }

  #link(from: number, unit: number, to: number): void {
    if (this.#edges * 2 >= this.#states.length) finish(this.#grow());
    if (from === ROOT && unit < 128) this.#root[unit] = to;
    this.#place(from, unit, to);
    this.#edges++;
  }

  #place(from: number, unit: number, to: number): void {
    const mask = this.#states.length - 1;
    let slot = hash(from, unit) & mask;
    while (this.#states[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#states[slot] = from;
    this.#units[slot] = unit;
    this.#targets[slot] = to;
  }

  *#grow(): Steps<void> {
    const states = this.#states;
    const units = this.#units;
    const targets = this.#targets;
    this.#states = new Int32Array(states.length * 2).fill(EMPTY);
    this.#units = new Uint16Array(states.length * 2);
    this.#targets = new Int32Array(states.length * 2);
    for (let slot = 0; slot < states.length; slot++) {
      const from = states[slot] ?? EMPTY;
      if (from !== EMPTY) this.#place(from, units[slot] ?? 0, targets[slot] ?? 0);
      if ((slot & SLOTS_A_STEP) === SLOTS_A_STEP) yield;
    }
  }
}

function hash(state: number, unit: number): number {
  const mixed = Math.imul(state ^ Math.imul(unit, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
