/** A report as tables: every format shows the same ones. */

/** octets and seconds are numbers, shown with units where people read them; time: microseconds since 1970. */
export type ColumnKind = 'text' | 'count' | 'octets' | 'seconds' | 'time';

export interface Column {
  readonly title: string;
  readonly kind: ColumnKind;
}

export type Cell = string | number | undefined;

export interface Chart {
  /** bars: a line a row, largest first. columns: rows are a time of their own, side by side. */
  readonly kind: 'bars' | 'columns';
  /** Of the columns: what is shown. */
  readonly value: number;
}

export interface ReportTable {
  readonly id: string;
  readonly title: string;
  /** Beside the title. */
  readonly facts: string;
  /** What the numbers mean, or why there are none. */
  readonly note: string | undefined;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly chart: Chart | undefined;
}
