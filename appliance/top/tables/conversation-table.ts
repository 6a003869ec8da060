import { clock, grouped } from '../../report/amounts.ts';
import type { Conversation } from '../conversations.ts';
import type { Screen, Table } from '../render-top.ts';
import type { TopView } from '../view.ts';
import { table } from './table.ts';

export function conversationTable({ conversations }: TopView, screen: Screen): Table | undefined {
  if (conversations === undefined) return undefined;
  const { paint } = screen;
  return table<Conversation>(
    [
      { title: 'LAST', width: 8, text: ({ last }) => (last === 0 ? '' : clock(last * 1000)) },
      { title: 'SERVICE', width: 12, text: ({ service }) => service },
      { title: 'MESSAGES', width: 8, right: true, text: ({ messages }) => grouped(messages) },
      { title: 'BETWEEN', width: 0, text: ({ from }) => from },
      { title: 'AND', width: 0, text: ({ to }) => to },
      {
        title: 'FILES',
        width: 5,
        right: true,
        text: ({ files }) => (files > 0 ? grouped(files) : ''),
      },
      {
        title: 'REFUSED',
        width: 7,
        right: true,
        text: ({ refused }) => (refused > 0 ? grouped(refused) : ''),
        paint: (_, text) => paint.red(text),
      },
    ],
    conversations,
    8,
    screen,
  );
}
