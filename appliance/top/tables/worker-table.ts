import type { WorkerStatus } from '../../live/gateway.ts';
import { grouped, size } from '../../report/amounts.ts';
import { eventCount } from '../rates.ts';
import type { Screen, Table } from '../render-top.ts';
import type { TopView } from '../view.ts';
import { table } from './table.ts';

export function workerTable({ status, rates }: TopView, screen: Screen): Table {
  const { paint } = screen;
  const busy = (id: number) => rates?.busy.get(id);
  return table<WorkerStatus>(
    [
      {
        title: 'WORKER',
        width: 16,
        text: ({ id, alive }) => (alive ? String(id) : `${id} (not running)`),
        paint: ({ alive }, text) => (alive ? text : paint.red(text)),
      },
      {
        title: 'BUSY',
        width: 5,
        right: true,
        text: ({ id }) => {
          const share = busy(id);
          return share === undefined ? '–' : `${Math.round(share * 100)} %`;
        },
        paint: ({ id }, text) => ((busy(id) ?? 0) > 0.8 ? paint.yellow(text) : text),
      },
      {
        title: 'PACKETS/S',
        width: 9,
        right: true,
        text: ({ id }) => {
          const rate = rates?.workerPackets.get(id);
          return rate === undefined ? '–' : grouped(rate);
        },
      },
      { title: 'EVENTS', width: 9, right: true, text: (row) => grouped(eventCount(row)) },
      {
        title: 'READ',
        width: 7,
        right: true,
        text: ({ flows }) => grouped(total(flows.byProtocol)),
      },
      { title: 'FLOWS', width: 9, right: true, text: ({ flows }) => grouped(total(flows.byState)) },
      { title: 'HELD', width: 8, right: true, text: ({ heldOctets }) => size(heldOctets) },
    ],
    status.workers,
    4,
    screen,
  );
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
