/**
 * Rows of values on their way to another thread. Cloning thousands of small arrays there costs more than SQLite
 * does with them, so they go as few large pieces, whose memory is handed over and comes back to be used again:
 *
 *     cells    a double a value, row by row: the number; of a word, its index in `words`; of text and octets,
 *              where it ends in `text` or in the octets (it begins where the one before it ended)
 *     forms    an octet a value: Form
 *     octets
 */
import type { SqlValue } from '../contract.ts';

const Form = { Null: 0, Number: 1, Word: 2, Text: 3, Octets: 4 } as const;

/** Octets of one piece; a single row may be larger. */
const MOST_OCTETS = 2 ** 20;
/** Rows of one piece. */
const MOST_ROWS = 1024;
/** UTF-16 code units of text that may come again (kinds, services, rules), and such words of one piece. */
const WORD = 32;
const MOST_WORDS = 256;
/** Octets and a form each. */
const CELL = 9;
/** Octets up to which a loop copies faster than a call (hashes). */
const FEW = 40;
/** Pieces of memory that wait to be used again. */
const KEPT = 32;

export interface PackedRows {
  readonly columns: number;
  readonly rows: number;
  /** Cells, forms after them, then the octets. */
  readonly memory: ArrayBuffer;
  readonly words: readonly string[];
  readonly text: string;
  /** Octets, about: what it counts for in what is under way. */
  readonly size: number;
}

export class RowPacker {
  readonly #free: ArrayBuffer[] = [];
  readonly #words = new Map<string, number>();

  /** Rows from `from` on, as many as one piece takes; all of `columns` values. */
  pack(rows: readonly (readonly SqlValue[])[], from: number, columns: number): PackedRows {
    const { to, length } = extent(rows, from, columns);
    const count = (to - from) * columns;
    const memory = this.#memory(count * CELL + length);
    const cells = new Float64Array(memory, 0, count);
    const forms = new Uint8Array(memory, count * 8, count);
    const octets = new Uint8Array(memory, count * CELL, length);
    const words = this.#words;
    const texts: string[] = [];
    let textEnd = 0;
    let end = 0;
    let at = 0;
    words.clear();
    for (let n = from; n < to; n++) {
      const row = rows[n] as readonly SqlValue[];
      for (let i = 0; i < columns; i++, at++) {
        const value = row[i] ?? null;
        if (typeof value === 'number') {
          forms[at] = Form.Number;
          cells[at] = value;
        } else if (value === null) {
          forms[at] = Form.Null;
        } else if (typeof value === 'string') {
          const known = value.length <= WORD ? wordIndex(words, value) : undefined;
          if (known !== undefined) {
            forms[at] = Form.Word;
            cells[at] = known;
            continue;
          }
          forms[at] = Form.Text;
          texts.push(value);
          textEnd += value.length;
          cells[at] = textEnd;
        } else {
          forms[at] = Form.Octets;
          copy(octets, value, end);
          end += value.length;
          cells[at] = end;
        }
      }
    }
    return {
      columns,
      rows: to - from,
      memory,
      words: [...words.keys()],
      text: texts.join(''),
      size: memory.byteLength + textEnd,
    };
  }

  /** Memory of a piece that was read. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.byteLength <= MOST_OCTETS && this.#free.length < KEPT) this.#free.push(memory);
  }

  /** What it holds is not cleared. */
  #memory(length: number): ArrayBuffer {
    const fits = this.#free.findIndex(({ byteLength }) => byteLength >= length);
    const [found] = fits === -1 ? [] : this.#free.splice(fits, 1);
    return found ?? new ArrayBuffer(roundedUp(length));
  }
}

/** The rows of a piece, read once, in their order. */
export class RowUnpacker {
  readonly #columns: number;
  readonly #cells: Float64Array;
  readonly #forms: Uint8Array;
  readonly #memory: ArrayBuffer;
  readonly #words: readonly string[];
  readonly #text: string;
  #left: number;
  #at = 0;
  #textAt = 0;
  /** In the memory. */
  #octetsAt: number;

  constructor({ columns, rows, memory, words, text }: PackedRows) {
    const count = rows * columns;
    this.#columns = columns;
    this.#cells = new Float64Array(memory, 0, count);
    this.#forms = new Uint8Array(memory, count * 8, count);
    this.#memory = memory;
    this.#words = words;
    this.#text = text;
    this.#left = rows;
    this.#octetsAt = count * CELL;
  }

  /** Rows. */
  get left(): number {
    return this.#left;
  }

  /**
   * Puts the values of the next rows, one row behind the other, in place of those in `values`. So many must be
   * left. Octets are lent, as long as the memory is.
   */
  read(rows: number, values: SqlValue[]): void {
    const cells = this.#cells;
    const forms = this.#forms;
    const count = rows * this.#columns;
    const first = forms.length * CELL;
    let at = this.#at;
    for (let i = 0; i < count; i++, at++) {
      const form = forms[at];
      const cell = cells[at] ?? 0;
      if (form === Form.Number) values[i] = cell;
      else if (form === Form.Null) values[i] = null;
      else if (form === Form.Word) values[i] = this.#words[cell] ?? null;
      else if (form === Form.Text) {
        values[i] = this.#text.slice(this.#textAt, cell);
        this.#textAt = cell;
      } else {
        const end = first + cell;
        values[i] = new Uint8Array(this.#memory, this.#octetsAt, end - this.#octetsAt);
        this.#octetsAt = end;
      }
    }
    this.#at = at;
    this.#left -= rows;
  }
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

function copy(into: Uint8Array, octets: Uint8Array, at: number): void {
  const { length } = octets;
  if (length > FEW) into.set(octets, at);
  else for (let i = 0; i < length; i++) into[at + i] = octets[i] ?? 0;
}

function wordIndex(words: Map<string, number>, value: string): number | undefined {
  const known = words.get(value);
  if (known !== undefined) return known;
  if (words.size >= MOST_WORDS) return undefined;
  const index = words.size;
  words.set(value, index);
  return index;
}

/** Few sizes, so that memory fits again. */
function roundedUp(length: number): number {
  if (length > MOST_OCTETS) return length;
  let size = 4096;
  while (size < length) size *= 2;
  return size;
}
