/** One piece of packed rows in the making: values are put straight into the memory in which they go. */
import { CELL, Form, type PackedRows } from './packed-rows.ts';

/** UTF-16 code units of text that may come again (kinds, services, rules), and such words of one piece. */
const WORD = 32;
const MOST_WORDS = 256;
/** Octets up to which a loop copies faster than a call (hashes). */
const FEW = 40;

/** Of each column, the last word: what it says is seldom new. */
interface LastWord {
  text: string | undefined;
  index: number;
}

export class RowPiece {
  readonly #memory: ArrayBuffer;
  readonly #columns: number;
  /** Rows that it takes at most. */
  readonly #most: number;
  readonly #cells: Float64Array;
  readonly #forms: Uint8Array;
  readonly #octets: Uint8Array;
  readonly #words = new Map<string, number>();
  readonly #last: readonly LastWord[];
  readonly #texts: string[] = [];
  #textEnd = 0;
  #octetsEnd = 0;
  /** The value that comes next: of all, and of its row. */
  #at = 0;
  #column = 0;

  /** `memory`: room for `most` rows, and for their octets behind them. */
  constructor(memory: ArrayBuffer, columns: number, most: number) {
    const values = columns * most;
    this.#memory = memory;
    this.#columns = columns;
    this.#most = most;
    this.#cells = new Float64Array(memory, 0, values);
    this.#forms = new Uint8Array(memory, values * 8, values);
    this.#octets = new Uint8Array(memory, values * CELL);
    this.#last = Array.from({ length: columns }, () => ({ text: undefined, index: 0 }));
  }

  get rows(): number {
    return this.#at / this.#columns;
  }

  /** It takes one more row, with so many octets. */
  fits(octets: number): boolean {
    return this.rows < this.#most && this.#octetsEnd + octets <= this.#octets.length;
  }

  none(): void {
    this.#put(Form.Null, 0);
  }

  number(value: number): void {
    this.#put(Form.Number, value);
  }

  text(value: string): void {
    const word = value.length <= WORD ? this.#word(value) : undefined;
    if (word !== undefined) {
      this.#put(Form.Word, word);
      return;
    }
    this.#texts.push(value);
    this.#textEnd += value.length;
    this.#put(Form.Text, this.#textEnd);
  }

  /** They are copied. */
  octets(value: Uint8Array): void {
    const { length } = value;
    const into = this.#octets;
    const at = this.#octetsEnd;
    if (length > FEW) into.set(value, at);
    else for (let i = 0; i < length; i++) into[at + i] = value[i] as number;
    this.#octetsEnd = at + length;
    this.#put(Form.Octets, this.#octetsEnd);
  }

  /** With the rows that it has, all of them whole. It takes no more. */
  finish(): PackedRows {
    const { rows } = this;
    if (rows < this.#most) this.#closeUp();
    return {
      columns: this.#columns,
      rows,
      memory: this.#memory,
      words: [...this.#words.keys()],
      text: this.#texts.join(''),
      size: this.#memory.byteLength + this.#textEnd,
    };
  }

  #put(form: number, cell: number): void {
    this.#forms[this.#at] = form;
    this.#cells[this.#at] = cell;
    this.#at += 1;
    this.#column += 1;
    if (this.#column === this.#columns) this.#column = 0;
  }

  #word(value: string): number | undefined {
    const last = this.#last[this.#column] as LastWord;
    if (last.text === value) return last.index;
    const known = this.#words.get(value);
    if (known === undefined && this.#words.size >= MOST_WORDS) return undefined;
    const index = known ?? this.#words.size;
    if (known === undefined) this.#words.set(value, index);
    last.text = value;
    last.index = index;
    return index;
  }

  /** Forms and octets move to where they stand behind fewer rows. */
  #closeUp(): void {
    const all = new Uint8Array(this.#memory);
    const values = this.#at;
    const forms = this.#forms.byteOffset;
    all.copyWithin(values * 8, forms, forms + values);
    const octets = this.#octets.byteOffset;
    all.copyWithin(values * CELL, octets, octets + this.#octetsEnd);
  }
}
