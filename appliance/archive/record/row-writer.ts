/** Rows written value by value, whatever database they go to. */
import type { ArchiveDatabase, RowWriter, SqlValue } from '../contract.ts';

export function rowWriter(
  database: ArchiveDatabase,
  table: string,
  columns: readonly string[],
): RowWriter {
  return database.writer?.(table, columns) ?? new CollectedRows(database, table, columns);
}

/** For a database that takes arrays. */
class CollectedRows implements RowWriter {
  readonly #database: ArchiveDatabase;
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #rows: SqlValue[][] = [];
  #row: SqlValue[] = [];

  constructor(database: ArchiveDatabase, table: string, columns: readonly string[]) {
    this.#database = database;
    this.#table = table;
    this.#columns = columns;
  }

  row(): void {
    this.#row = [];
    this.#rows.push(this.#row);
  }

  number(value: number | undefined): void {
    this.#row.push(value ?? null);
  }

  text(value: string | undefined): void {
    this.#row.push(value ?? null);
  }

  octets(value: Uint8Array | undefined): void {
    this.#row.push(value === undefined ? null : Buffer.from(value));
  }

  async flush(): Promise<void> {
    await this.#database.insert(this.#table, this.#columns, this.#rows);
    this.#rows.length = 0;
  }
}
