/**
 * Rows of values on their way to another thread. Cloning thousands of small arrays there costs more than SQLite
 * does with them, so they go as few large pieces, whose memory is handed over and comes back to be used again:
 *
 *     cells    a double a value, row by row: the number; of a word, its index in `words`; of text and octets,
 *              where it ends in `text` or `octets` (it begins where the one before it ended)
 *     forms    an octet a value: Form
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
/** Pieces of memory that wait to be used again. */
const KEPT = 16;

export interface PackedRows {
  readonly columns: number;
  readonly rows: number;
  /** Cells, and forms after them. */
  readonly values: ArrayBuffer;
  readonly octets: ArrayBuffer;
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
    const { to, length } = extent(rows, from);
    const count = (to - from) * columns;
    const values = this.#memory(count * CELL);
    const octets = this.#memory(length);
    const cells = new Float64Array(values, 0, count);
    const forms = new Uint8Array(values, count * 8, count);
    const bytes = new Uint8Array(octets);
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
          bytes.set(value, end);
          end += value.length;
          cells[at] = end;
        }
      }
    }
    return {
      columns,
      rows: to - from,
      values,
      octets,
      words: [...words.keys()],
      text: texts.join(''),
      size: values.byteLength + octets.byteLength + textEnd,
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

/** Calls `work` with each row, in an array that is used again for the next one. */
export function eachPacked(packed: PackedRows, work: (row: readonly SqlValue[]) => void): void {
  const { columns, rows, values, octets, words, text } = packed;
  const count = rows * columns;
  const cells = new Float64Array(values, 0, count);
  const forms = new Uint8Array(values, count * 8, count);
  const row: SqlValue[] = new Array<SqlValue>(columns).fill(null);
  let textAt = 0;
  let octetsAt = 0;
  let at = 0;
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < columns; i++, at++) {
      const form = forms[at];
      const cell = cells[at] ?? 0;
      if (form === Form.Number) row[i] = cell;
      else if (form === Form.Null) row[i] = null;
      else if (form === Form.Word) row[i] = words[cell] ?? null;
      else if (form === Form.Text) {
        row[i] = text.slice(textAt, cell);
        textAt = cell;
      } else {
        row[i] = new Uint8Array(octets, octetsAt, cell - octetsAt);
        octetsAt = cell;
      }
    }
    work(row);
  }
}

/** How many rows go together, and the octets in them. */
function extent(rows: readonly (readonly SqlValue[])[], from: number) {
  let length = 0;
  let to = from;
  for (; to < rows.length && to - from < MOST_ROWS; to++) {
    const before = length;
    for (const value of rows[to] ?? []) if (value instanceof Uint8Array) length += value.length;
    if (length <= MOST_OCTETS || to === from) continue;
    return { to, length: before };
  }
  return { to, length };
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
