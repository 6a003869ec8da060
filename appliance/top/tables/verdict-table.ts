import { grouped } from '../../report/amounts.ts';
import type { Screen, Table } from '../render-top.ts';
import { type VerdictRow, verdictRows } from '../verdict-rows.ts';
import type { TopView } from '../view.ts';
import { table } from './table.ts';

export function verdictTable({ status }: TopView, screen: Screen): Table | undefined {
  const rows = verdictRows(status);
  if (rows.length === 0) return undefined;
  const { paint } = screen;
  return table<VerdictRow>(
    [
      { title: 'VERDICTS', width: 9, right: true, text: ({ count }) => grouped(count) },
      {
        title: 'ACTION',
        width: 8,
        text: ({ action }) => action,
        paint: ({ action }, text) => (action === 'pass' ? paint.green(text) : paint.red(text)),
      },
      {
        title: 'DONE',
        width: 5,
        text: ({ action, enforced }) => (enforced ? 'yes' : action === 'pass' ? '' : 'no'),
      },
      { title: 'RULE', width: 0, text: ({ rule }) => rule },
    ],
    rows,
    5,
    screen,
  );
}
