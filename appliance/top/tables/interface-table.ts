import type { InterfaceStatus } from '../../live/gateway.ts';
import { grouped } from '../../report/amounts.ts';
import type { Screen, Table } from '../render-top.ts';
import type { TopView } from '../view.ts';
import { table } from './table.ts';

export function interfaceTable({ status, rates }: TopView, screen: Screen): Table | undefined {
  if (status.interfaces.length === 0) return undefined;
  const { paint } = screen;
  const rate = (value: number | undefined) => (value === undefined ? '–' : grouped(value));
  return table<InterfaceStatus>(
    [
      { title: 'INTERFACE', width: 16, text: ({ name }) => name },
      {
        title: 'STATE',
        width: 5,
        text: ({ up }) => (up ? 'up' : 'down'),
        paint: ({ up }, text) => (up ? text : paint.red(text)),
      },
      { title: 'IN/S', width: 9, right: true, text: ({ name }) => rate(rates?.received.get(name)) },
      { title: 'OUT/S', width: 9, right: true, text: ({ name }) => rate(rates?.sent.get(name)) },
      {
        title: 'DROPPED',
        width: 9,
        right: true,
        text: ({ dropped }) => grouped(dropped),
        paint: ({ dropped }, text) => (dropped > 0 ? paint.yellow(text) : text),
      },
      {
        title: 'RING',
        width: 5,
        right: true,
        text: ({ ringFill }) => `${Math.round(ringFill * 100)} %`,
      },
      { title: 'BACKEND', width: 9, text: ({ backend }) => backend },
    ],
    status.interfaces,
    2,
    screen,
  );
}
