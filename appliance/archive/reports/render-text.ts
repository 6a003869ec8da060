/** A report in a terminal: columns, and a bar beside what a chart would show. */
import { counted, size } from '../../report/amounts.ts';
import { cell, clip, columnWidth, rightCell } from '../../report/columns.ts';
import { heading, remark } from '../../report/layout.ts';
import type { Layout } from '../../report/page.ts';
import type { LocalClock } from './local-time.ts';
import type { Report } from './report.ts';
import type { ReportTable } from './report-table.ts';
import { showCell, spent } from './show-cell.ts';

const BAR_CELLS = 20;
const FIRST_CELLS = 40;
const OTHER_CELLS = 24;
const LEAST_CELLS = 8;
const LEAST_BAR = 4;
const BETWEEN = '  ';

export function renderText(
  report: Report,
  tables: readonly ReportTable[],
  rows: number,
  clock: LocalClock,
  layout: Layout,
): string[] {
  const { paint, width } = layout;
  const lines = [clip(`Report of ${report.archive}`, width)];
  for (const line of reportFacts(report, clock)) lines.push(paint.dim(clip(line, width)));
  for (const table of tables) lines.push(...renderTable(table, rows, clock, layout));
  return lines;
}

/** What was asked, and what it came to; made harmless by who shows it. */
export function reportFacts(report: Report, clock: LocalClock): string[] {
  const { totals, selected, from, to, timeZone } = report;
  const { first, last, events, messages, files, octets, active } = totals;
  const period =
    first === undefined || last === undefined
      ? 'no events'
      : `events from ${clock.minute(first)} to ${clock.minute(last)} (${timeZone})`;
  const asked = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...selected,
  ];
  return [
    ...(asked.length === 0 ? [] : [`asked for: ${asked.join(', ')}`]),
    period,
    `${counted(events, 'event')}: ${counted(messages, 'message')} in ${counted(totals.conversations, 'conversation')}, ` +
      `${counted(totals.persons, 'person', 'persons')}, ${counted(totals.services, 'service')}, ${counted(files, 'file')}, ` +
      `${size(octets)}, ${spent(active)} active`,
    report.completeness.says,
  ];
}

function renderTable(
  whole: ReportTable,
  most: number,
  clock: LocalClock,
  layout: Layout,
): string[] {
  const table = withoutIdle(whole);
  const { title, facts, note, columns, chart } = table;
  const { paint, width } = layout;
  const lines = heading(title.toUpperCase(), facts, layout);
  if (note !== undefined)
    lines.push(...wrapped(note, width - 2).map((line) => remark(line, layout)));
  // Days have an order of their own, and none is left out; hours in which nothing was are.
  const used = table.rows.filter(
    (row) => chart?.kind !== 'columns' || row.slice(1).some((cell) => cell !== 0),
  );
  if (used.length === 0) return [...lines, remark('none', layout)];
  const shown = chart?.kind === 'columns' ? used : used.slice(0, most);
  const texts = shown.map((row) => columns.map(({ kind }, i) => showCell(row[i], kind, clock)));
  const widths = fitted(
    columns.map(({ title }, i) =>
      columnWidth(
        [title, ...texts.map((row) => row[i] ?? '')],
        i === 0 ? FIRST_CELLS : OTHER_CELLS,
      ),
    ),
    columns.map(({ kind }) => kind === 'text'),
    width - 2,
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ kind }, i) => (kind === 'text' ? cell : rightCell)(row[i] ?? '', widths[i] ?? 1))
      .join(BETWEEN);
  lines.push(`  ${paint.dim(line(columns.map(({ title }) => title)).trimEnd())}`);
  const room = Math.min(BAR_CELLS, width - 4 - total(widths));
  const values = shown.map((row) => Number(row[chart?.value ?? -1] ?? 0));
  const largest = Math.max(0, ...values);
  for (const [i, row] of texts.entries()) {
    lines.push(`  ${line(row)}  ${paint.dim(bar(values[i] ?? 0, largest, room))}`.trimEnd());
  }
  if (shown.length < used.length) {
    lines.push(remark(`… and ${counted(used.length - shown.length, 'more row')} (--top)`, layout));
  }
  return lines;
}

/** Without durations that nobody had: a line has room for few columns. */
function withoutIdle(table: ReportTable): ReportTable {
  const idle = table.columns.map(
    ({ kind }, i) => kind === 'seconds' && table.rows.every((row) => row[i] === 0),
  );
  return {
    ...table,
    columns: table.columns.filter((_, i) => idle[i] !== true),
    rows: table.rows.map((row) => row.filter((_, i) => idle[i] !== true)),
  };
}

/** Takes from the widest column of text until the line fits. */
function fitted(widths: readonly number[], isText: readonly boolean[], most: number): number[] {
  const found = [...widths];
  while (total(found) > most) {
    const texts = found.map((width, i) => (isText[i] ? width : 0));
    const widest = texts.indexOf(Math.max(...texts));
    if ((texts[widest] ?? 0) <= LEAST_CELLS) break;
    found[widest] = (found[widest] ?? 1) - 1;
  }
  return found;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, BETWEEN.length * (widths.length - 1));
}

function bar(value: number, largest: number, room: number): string {
  if (!(value > 0) || !(largest > 0) || room < LEAST_BAR) return '';
  return '▇'.repeat(Math.max(1, Math.round((value / largest) * room)));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
