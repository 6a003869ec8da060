/** A report in a terminal: columns, and a bar beside what a chart would show. */
import { counted, duration, size } from '../../report/amounts.ts';
import { cell, clip, columnWidth, rightCell } from '../../report/columns.ts';
import { heading, remark } from '../../report/layout.ts';
import type { Layout } from '../../report/page.ts';
import type { LocalClock } from './local-time.ts';
import type { Report } from './report.ts';
import type { ReportTable } from './report-table.ts';
import { showCell } from './show-cell.ts';

const BAR_CELLS = 20;
const FIRST_CELLS = 40;
const OTHER_CELLS = 24;

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
      `${size(octets)}, ${duration(active)} active`,
    report.completeness.says,
  ];
}

function renderTable(
  { title, facts, note, columns, rows, chart }: ReportTable,
  most: number,
  clock: LocalClock,
  layout: Layout,
): string[] {
  const lines = heading(title.toUpperCase(), facts, layout);
  // Hours and days have an order of their own: none is left out.
  const shown = chart?.kind === 'columns' ? rows : rows.slice(0, most);
  if (note !== undefined)
    lines.push(...wrapped(note, layout.width - 2).map((line) => remark(line, layout)));
  if (rows.length === 0) return [...lines, remark('none', layout)];
  const texts = shown.map((row) => columns.map(({ kind }, i) => showCell(row[i], kind, clock)));
  const widths = columns.map(({ title }, i) =>
    columnWidth([title, ...texts.map((row) => row[i] ?? '')], i === 0 ? FIRST_CELLS : OTHER_CELLS),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ kind }, i) => (kind === 'text' ? cell : rightCell)(row[i] ?? '', widths[i] ?? 1))
      .join('  ');
  lines.push(`  ${layout.paint.dim(line(columns.map(({ title }) => title)).trimEnd())}`);
  const largest = Math.max(0, ...shown.map((row) => Number(row[chart?.value ?? 0] ?? 0) || 0));
  for (const [i, row] of texts.entries()) {
    const value = chart === undefined ? 0 : Number(shown[i]?.[chart.value] ?? 0);
    lines.push(`  ${line(row)}  ${layout.paint.dim(bar(value, largest))}`.trimEnd());
  }
  if (shown.length < rows.length) {
    lines.push(remark(`… and ${counted(rows.length - shown.length, 'more row')} (--top)`, layout));
  }
  return lines;
}

function bar(value: number, largest: number): string {
  if (!(value > 0) || !(largest > 0)) return '';
  return '▇'.repeat(Math.max(1, Math.round((value / largest) * BAR_CELLS)));
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
