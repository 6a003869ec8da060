/** Rows on their way to the thread of SQLite, put together in the memory that goes there. */
import type { RowWriter } from '../contract.ts';
import type { PackedRows } from './packed-rows.ts';
import type { RowPiece } from './row-piece.ts';
import type { RowStatement } from './row-statement.ts';
import type { SqliteThread } from './sqlite-thread.ts';

export class ThreadedRowWriter implements RowWriter {
  readonly #thread: SqliteThread;
  readonly #statement: RowStatement;
  readonly #columns: number;
  #piece: RowPiece | undefined;
  /** Pieces that are full. */
  readonly #full: PackedRows[] = [];

  constructor(thread: SqliteThread, statement: RowStatement, columns: number) {
    this.#thread = thread;
    this.#statement = statement;
    this.#columns = columns;
  }

  row(octets: number): void {
    if (this.#piece?.fits(octets)) return;
    this.#finish();
    this.#piece = this.#thread.packer.open(this.#columns, octets);
  }

  number(value: number | undefined): void {
    if (value === undefined) this.#piece?.none();
    else this.#piece?.number(value);
  }

  text(value: string | undefined): void {
    if (value === undefined) this.#piece?.none();
    else this.#piece?.text(value);
  }

  octets(value: Uint8Array | undefined): void {
    if (value === undefined) this.#piece?.none();
    else this.#piece?.octets(value);
  }

  async flush(): Promise<void> {
    this.#finish();
    for (const rows of this.#full.splice(0)) await this.#thread.sendPacked(this.#statement, rows);
  }

  #finish(): void {
    if (this.#piece !== undefined) this.#full.push(this.#piece.finish());
    this.#piece = undefined;
  }
}
