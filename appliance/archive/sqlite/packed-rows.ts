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

export const Form = { Null: 0, Number: 1, Word: 2, Text: 3, Octets: 4 } as const;

/** Octets of a value with its form. */
export const CELL = 9;

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
