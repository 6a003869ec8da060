/** One thing that a query asks of records, in the two ways in which databases are asked for it. */
import type { RecordQuery, SequenceRange, SqlValue } from '../contract.ts';

export interface Sql {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface QueryPart {
  readonly name: keyof RecordQuery;
  /** On columns of `record`; undefined: only the index knows. */
  readonly row?: Sql;
  /** The same where the row stands among few: looked up for each; undefined: `row` is. */
  readonly check?: Sql;
  /** It holds for most records: where time bounds the search, it is not asked for the whole archive. */
  readonly wide?: true;
  /** One column, `sequence`; undefined: no index helps. Some may come twice. */
  sequences?(range: SequenceRange): Sql;
}

/** Holds for no record. */
export const NOTHING: Sql = { sql: '1 = 0', values: [] };

export function columnPart(
  column: 'conversation' | 'rule' | 'service',
  values: readonly SqlValue[],
): QueryPart {
  return {
    name: column,
    row: among(`record.${column}`, values),
    sequences: ({ first, last }) => ({
      sql: `SELECT sequence FROM record WHERE ${column} IN (${marks(values)}) AND ${column} IS NOT NULL
        AND sequence BETWEEN ? AND ?`,
      values: [...values, first, last],
    }),
  };
}

export function among(column: string, values: readonly SqlValue[]): Sql {
  if (values.length === 0) return NOTHING;
  return { sql: `${column} IN (${marks(values)})`, values };
}

export function marks(values: readonly SqlValue[]): string {
  return values.map(() => '?').join(', ');
}
