/** What `sallyport archive report` does once its command line is read. */
import { closeSync, fsyncSync, unlinkSync, writeSync } from 'node:fs';
import { jsonLine } from '../../archive/export/json-line.ts';
import { LocalClock } from '../../archive/reports/local-time.ts';
import { makeReport } from '../../archive/reports/make-report.ts';
import { renderCsv } from '../../archive/reports/render-csv.ts';
import { renderHtml } from '../../archive/reports/render-html.ts';
import { renderText } from '../../archive/reports/render-text.ts';
import type { Report } from '../../archive/reports/report.ts';
import { reportTables, type TableName } from '../../archive/reports/report-tables.ts';
import type { UsageBy } from '../../archive/reports/usage.ts';
import { recordCondition } from '../../archive/search/record-condition.ts';
import { createPaint } from '../../report/paint.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { openNewFile } from './open-new-file.ts';
import { type QueryOptions, readRecordQuery } from './query-options.ts';
import type { ReportFormat } from './report-formats.ts';

export interface ReportCommandOptions extends ArchiveOptions, QueryOptions {
  readonly by?: UsageBy;
  readonly table?: readonly TableName[];
  readonly format: ReportFormat;
  readonly json?: true;
  readonly out?: string;
  readonly top: number;
  readonly timeZone?: string;
}

/** Columns of a text that goes into a file. */
const FILE_WIDTH = 120;

/** Returns the exit code. Throws UserError. */
export function report(options: ReportCommandOptions, terminal: Terminal): Promise<number> {
  const format = options.json === true ? 'json' : options.format;
  const query = readRecordQuery(options);
  const clock = new LocalClock(options.timeZone);
  const wanted = tablesOf(options, format);
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    const out = options.out === undefined ? undefined : openNewFile(options.out);
    try {
      await audit('report', { query, format, tables: wanted ?? 'all' });
      const made = await makeReport(archive, {
        selection: await recordCondition(archive.database, archive.vault, query),
        from: query.from,
        to: query.to,
        person: query.person,
        clock,
        selected: words(options),
        top: options.top,
        now: Date.now() * 1000,
      });
      const layout =
        out === undefined ? terminal.layout : { width: FILE_WIDTH, paint: createPaint(false) };
      for (const part of written(made, format, wanted, options.top, clock, layout)) {
        if (out === undefined) terminal.out.text(part);
        else writeAll(out, Buffer.from(part));
      }
      if (out !== undefined) fsyncSync(out);
      terminal.out.flush();
      return Exit.Ok;
    } catch (error) {
      if (options.out !== undefined) unlinkSync(options.out); // ours: it was new
      throw error;
    } finally {
      if (out !== undefined) closeSync(out);
    }
  });
}

/** undefined: all. */
function tablesOf(
  { by, table }: ReportCommandOptions,
  format: ReportFormat,
): readonly TableName[] | undefined {
  const asked = by === undefined ? table : [`usage-by-${by}` as const];
  if (format !== 'csv') return asked;
  if (asked !== undefined && asked.length > 1) {
    throw new UserError('CSV has one table', 'Name one with --table, or use --format html.');
  }
  return asked ?? ['usage-by-person'];
}

function* written(
  made: Report,
  format: ReportFormat,
  wanted: readonly TableName[] | undefined,
  top: number,
  clock: LocalClock,
  layout: Terminal['layout'],
): Iterable<string> {
  if (format === 'json') {
    yield `${jsonLine(made)}\n`;
    return;
  }
  const tables = reportTables(made, wanted);
  if (format === 'csv') for (const table of tables) yield renderCsv(table);
  else if (format === 'html') yield* renderHtml(made, tables, clock);
  else for (const line of renderText(made, tables, top, clock, layout)) yield `${line}\n`;
}

/** What was selected besides the time. */
function words({
  text,
  person,
  service,
  tag,
  verdict,
  rule,
  room,
  kind,
  conversation,
}: QueryOptions) {
  const lists = { person, service, tag, verdict, rule, room, kind, conversation };
  return [
    ...(text === undefined ? [] : [`text ${text}`]),
    ...Object.entries(lists).flatMap(([name, values]) =>
      values === undefined ? [] : [`${name} ${values.join(' or ')}`],
    ),
  ];
}

function writeAll(file: number, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
}
