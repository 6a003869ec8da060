/** Makes pieces of packed rows, in memory that comes back to be used again. */
import type { SqlValue } from '../contract.ts';
import { CELL, type PackedRows } from './packed-rows.ts';
import { RowPiece } from './row-piece.ts';

/** Octets of one piece; a single row may be larger. */
const MOST_OCTETS = 2 ** 20;
/** Rows of one piece. */
const MOST_ROWS = 1024;
/** Of a piece whose rows are not known when it begins: most records of 512 rows have room in it. */
const OPEN_OCTETS = 2 ** 19;
const OPEN_ROWS = 512;
/** Pieces of memory that wait to be used again. */
const KEPT = 32;

export class RowPacker {
  readonly #free: ArrayBuffer[] = [];

  /** A piece for rows that are still to come; its first one has so many octets. */
  open(columns: number, octets: number): RowPiece {
    const length = OPEN_ROWS * columns * CELL + octets;
    return length <= OPEN_OCTETS
      ? new RowPiece(this.#memory(OPEN_OCTETS), columns, OPEN_ROWS)
      : new RowPiece(this.#memory(columns * CELL + octets), columns, 1);
  }

  /** Rows from `from` on, as many as one piece takes; all of `columns` values. */
  pack(rows: readonly (readonly SqlValue[])[], from: number, columns: number): PackedRows {
    const { to, length } = extent(rows, from, columns);
    const memory = this.#memory((to - from) * columns * CELL + length);
    const piece = new RowPiece(memory, columns, to - from);
    for (let n = from; n < to; n++) {
      const row = rows[n] as readonly SqlValue[];
      for (let i = 0; i < columns; i++) putValue(piece, row[i] ?? null);
    }
    return piece.finish();
  }

  /** Memory of a piece that was read. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.byteLength <= MOST_OCTETS && this.#free.length < KEPT) this.#free.push(memory);
  }

  /** The smallest that is large enough. What it holds is not cleared. */
  #memory(length: number): ArrayBuffer {
    const free = this.#free;
    let found = -1;
    for (let i = 0; i < free.length; i++) {
      const size = free[i]?.byteLength ?? 0;
      if (size < length) continue;
      if (found === -1 || size < (free[found]?.byteLength ?? 0)) found = i;
    }
    const [memory] = found === -1 ? [] : free.splice(found, 1);
    return memory ?? new ArrayBuffer(roundedUp(length));
  }
}

export function putValue(piece: RowPiece, value: SqlValue): void {
  if (value === null) piece.none();
  else if (typeof value === 'number') piece.number(value);
  else if (typeof value === 'string') piece.text(value);
  else piece.octets(value);
}

/** How many rows go together, and the octets in them. */
function extent(rows: readonly (readonly SqlValue[])[], from: number, columns: number) {
  let length = 0;
  let to = from;
  for (; to < rows.length && to - from < MOST_ROWS; to++) {
    const before = length;
    for (const value of rows[to] ?? []) {
      if (typeof value === 'object' && value !== null) length += value.length;
    }
    const all = length + (to + 1 - from) * columns * CELL;
    if (all <= MOST_OCTETS || to === from) continue;
    return { to, length: before };
  }
  return { to, length };
}

/** Few sizes, so that memory fits again. */
function roundedUp(length: number): number {
  if (length > MOST_OCTETS) return length;
  let size = 4096;
  while (size < length) size *= 2;
  return size;
}
