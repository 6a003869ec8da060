import { counted, span } from './amounts.ts';
import { cell, clip, columnWidth } from './columns.ts';
import { heading, remark } from './layout.ts';
import type { Layout } from './page.ts';
import type { PersonEntry, PersonLog } from './person-log.ts';

export function renderPersons(log: PersonLog, most: number, layout: Layout): string[] {
  const { entries } = log;
  const total = entries.length + log.leftOut;
  const lines = heading('PEOPLE', counted(total, 'person', 'people'), layout);
  if (total === 0) return [...lines, '   nobody of the directory was seen'];
  const shown = entries.slice(0, most);
  const nameWidth = columnWidth(
    shown.map(({ name }) => name),
    Math.floor(layout.width * 0.3),
  );
  for (const entry of shown) lines.push(...renderPerson(entry, nameWidth, layout));
  if (shown.length < total) {
    lines.push(
      remark(`… and ${counted(total - shown.length, 'more person', 'more people')}`, layout),
    );
  }
  return lines;
}

function renderPerson(entry: PersonEntry, nameWidth: number, { width, paint }: Layout): string[] {
  const facts = [
    `${counted(entry.messagesSent, 'message')} sent`,
    `${entry.messagesReceived} received`,
  ];
  if (entry.files > 0) facts.push(counted(entry.files, 'file'));
  const when = span(entry.firstTime, entry.lastTime);
  const space = width - 3 - nameWidth - 2 - when.length - 2;
  const indent = ' '.repeat(3 + nameWidth + 2);
  return [
    `   ${paint.bold(cell(entry.name, nameWidth))}  ${cell(facts.join(', '), space)}  ${paint.dim(when)}`,
    indent + paint.dim(clip([...entry.accounts].join(', '), width - indent.length)),
  ];
}
