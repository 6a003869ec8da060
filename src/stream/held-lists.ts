/** Which direction of which flow has segments that wait: lists, numbered, made when needed, reused. */
import * as slotOf from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import type { ChunkPool } from './chunk-pool.ts';
import { HeldSegments } from './held-segments.ts';

const { HELD, LAST_TIME, NEXT, NUMBERS, STRIDE } = slotOf;

export class HeldLists {
  readonly #table: FlowTable;
  readonly #pool: ChunkPool;
  readonly #pieces: number;
  readonly #lists: HeldSegments[] = [];
  /** Numbers of lists not in use. */
  readonly #spare: number[] = [];

  /** `pieces`: what one direction may hold. */
  constructor(table: FlowTable, pool: ChunkPool, pieces: number) {
    this.#table = table;
    this.#pool = pool;
    this.#pieces = pieces;
  }

  /** The list of the current direction, if it has one. */
  of(slot: number): HeldSegments | undefined {
    const at = slot * STRIDE + HELD + this.#table.direction;
    return this.#lists[(this.#table.words[at] ?? 0) - 1];
  }

  /** The list of the current direction, made if there is none. */
  make(slot: number): HeldSegments {
    const present = this.of(slot);
    if (present !== undefined) return present;
    let number = this.#spare.pop();
    if (number === undefined) {
      number = this.#lists.length;
      this.#lists.push(new HeldSegments(this.#pool, this.#pieces));
    }
    this.#table.words[slot * STRIDE + HELD + this.#table.direction] = number + 1;
    const held = this.#lists[number] ?? new HeldSegments(this.#pool, this.#pieces);
    this.waitAnew(slot, held);
    return held;
  }

  /** Another hole became the first: its wait begins. */
  waitAnew(slot: number, held: HeldSegments): void {
    held.since[0] = this.#table.numbers[slot * NUMBERS + LAST_TIME] ?? 0;
    held.arrivals = 0;
    held.patience = 0;
    held.heard = false;
  }

  /** The receiver of direction `d` spoke. */
  hear(slot: number, d: number): void {
    const held = this.#lists[(this.#table.words[slot * STRIDE + HELD + d] ?? 0) - 1];
    if (held !== undefined) held.heard = true;
  }

  /** Drops what waits in direction `d`. */
  release(slot: number, d: number): void {
    const words = this.#table.words;
    const at = slot * STRIDE + HELD + d;
    const number = (words[at] ?? 0) - 1;
    if (number === -1) return;
    this.#lists[number]?.clear();
    this.#spare.push(number);
    words[at] = 0;
  }

  /** Sequence number behind all that is held of the current direction, else the next expected. */
  highest(slot: number): number {
    const held = this.of(slot);
    if (held !== undefined && held.count > 0) return held.end;
    return this.#table.words[slot * STRIDE + NEXT + this.#table.direction] ?? 0;
  }
}
