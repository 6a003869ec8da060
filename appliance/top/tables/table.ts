/** Rows under a heading, each cell cut or filled to its column. */
import { cell, rightCell } from '../../report/columns.ts';
import type { Screen, Table } from '../render-top.ts';

export interface Column<Row> {
  readonly title: string;
  /** Cells; 0: shares what is left. */
  readonly width: number;
  readonly right?: boolean;
  readonly text: (row: Row) => string;
  /** A colour for the filled cell. */
  readonly paint?: (row: Row, text: string) => string;
}

const BETWEEN = 2;

export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  least: number,
  { width, paint }: Screen,
): Table {
  const widths = share(columns, width);
  const line = (cells: readonly string[]) => cells.join(' '.repeat(BETWEEN)).trimEnd();
  const fill = (text: string, { right }: Column<Row>, cells: number) =>
    right === true ? rightCell(text, cells) : cell(text, cells);
  const shown = columns
    .map((column, i) => ({ column, cells: widths[i] ?? 0 }))
    .filter((c) => c.cells > 0);
  return {
    least,
    lines: [
      paint.dim(line(shown.map(({ column, cells }) => fill(column.title, column, cells)))),
      ...rows.map((row) =>
        line(
          shown.map(({ column, cells }) => {
            const text = fill(column.text(row), column, cells);
            return column.paint?.(row, text) ?? text;
          }),
        ),
      ),
    ],
  };
}

/** Columns that do not fit are left out, the last ones first. */
function share<Row>(columns: readonly Column<Row>[], width: number): number[] {
  const LEAST = 10;
  const widths: number[] = [];
  let used = 0;
  for (const column of columns) {
    const wanted = (column.width === 0 ? LEAST : column.width) + (used === 0 ? 0 : BETWEEN);
    const fits = used + wanted <= width;
    widths.push(fits ? column.width || LEAST : 0);
    if (fits) used += wanted;
  }
  const flexible = columns.flatMap((column, i) =>
    column.width === 0 && (widths[i] ?? 0) > 0 ? [i] : [],
  );
  for (const [nth, i] of flexible.entries()) {
    const more = Math.floor((width - used) / (flexible.length - nth));
    widths[i] = (widths[i] ?? 0) + more;
    used += more;
  }
  return widths;
}
