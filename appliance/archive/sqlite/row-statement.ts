/**
 * A statement that is run with many rows. What begins and ends a statement costs SQLite about a quarter of an
 * insert, so an insert takes many rows at once.
 *
 * OR FAIL: as with a statement a row, those before one that fails stay, and the transaction is the caller's to
 * roll back. Without it SQLite keeps every page that the statement changes, to take back its other rows, which
 * costs more than it saves; and FTS5 writes what it has collected before each statement that could be taken back.
 */

/** Rows of one statement: few sizes, so that prepared ones are used again; values are 32 766 at most. */
const SIZES = [16, 1] as const;
const ONE_BY_ONE = [1] as const;

export interface RowStatement {
  /** For one row. */
  readonly sql: string;
  /** What comes behind it for each further row; undefined: it takes one alone. */
  readonly further?: string;
}

export function insertOf(table: string, columns: readonly string[]): RowStatement {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return {
    sql: `INSERT OR FAIL INTO ${table} (${columns.join(', ')}) VALUES ${row}`,
    further: `, ${row}`,
  };
}

/** How many rows it is run with, most first. */
export function sizesOf({ further }: RowStatement): readonly number[] {
  return further === undefined ? ONE_BY_ONE : SIZES;
}

export function forRows({ sql, further = '' }: RowStatement, rows: number): string {
  return sql + further.repeat(rows - 1);
}
