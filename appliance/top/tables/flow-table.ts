import type { FlowRow } from '../../live/gateway.ts';
import { grouped, size } from '../../report/amounts.ts';
import type { Screen, Table } from '../render-top.ts';
import { ordered, type TopView } from '../view.ts';
import { table } from './table.ts';

export function flowTable({ flows, order, status }: TopView, screen: Screen): Table {
  return table<FlowRow>(
    [
      { title: 'FLOW', width: 18, text: named },
      { title: 'PACKETS', width: 9, right: true, text: ({ packets }) => grouped(packets) },
      { title: 'OCTETS', width: 8, right: true, text: ({ octets }) => size(octets) },
      { title: 'EVENTS', width: 7, right: true, text: ({ events }) => grouped(events) },
      { title: 'CLIENT', width: 0, text: ({ client }) => client },
      { title: 'SERVER', width: 0, text: ({ server }) => server },
      { title: 'IDLE', width: 6, right: true, text: ({ last }) => idle(status.at - last) },
      { title: 'ACCOUNT', width: 18, text: ({ account }) => account ?? '' },
    ],
    ordered(flows, order),
    8,
    screen,
  );
}

/** `whatsapp media`; of what is read, which is chat unless told, the service alone. */
function named({ service, protocol, activity }: FlowRow): string {
  const name = service || protocol;
  return activity === undefined || activity === 'chat' ? name : `${name} ${activity}`;
}

function idle(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 600 ? `${seconds} s` : `${Math.round(seconds / 60)} m`;
}
