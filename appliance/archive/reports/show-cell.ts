/** A cell as people read it. */
import { duration, grouped, size } from '../../report/amounts.ts';
import type { LocalClock } from './local-time.ts';
import type { Cell, ColumnKind } from './report-table.ts';

/** Whole seconds: nobody types in hundredths. */
export function spent(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds)} s` : duration(seconds);
}

export function showCell(cell: Cell, kind: ColumnKind, clock: LocalClock): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (kind === 'time') return clock.minute(cell);
  if (kind === 'octets') return size(cell);
  if (kind === 'seconds') return spent(cell);
  return grouped(cell);
}
