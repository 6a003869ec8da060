/**
 * One table as CSV (RFC 4180), UTF-8 with a byte order mark, for spreadsheets: numbers without units, times in
 * UTC. Text that a spreadsheet would take for a formula gets an apostrophe before it.
 */
import { stringify } from 'csv-stringify/sync';
import { rfc3339 } from '../../../src/event/time.ts';
import { csvCell } from '../export/csv-cell.ts';
import type { Cell, ColumnKind, ReportTable } from './report-table.ts';

export function renderCsv({ columns, rows }: ReportTable): string {
  const unit = (kind: ColumnKind) => (kind === 'seconds' ? ' (s)' : '');
  const head = columns.map(({ title, kind }) => title + unit(kind));
  const body = rows.map((row) => columns.map(({ kind }, i) => cellOf(row[i], kind)));
  // One line break alone ends a line for some readers.
  return `\ufeff${stringify([head, ...body], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ })}`;
}

function cellOf(cell: Cell, kind: ColumnKind): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return csvCell(cell);
  return kind === 'time' ? rfc3339(cell) : String(cell);
}
