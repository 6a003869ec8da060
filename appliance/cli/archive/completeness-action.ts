/** What `sallyport archive completeness` does once its command line is read. */
import { harmless } from '../../../src/event/harmless.ts';
import {
  type CompletenessReport,
  completeness,
} from '../../archive/evidence/completeness/completeness.ts';
import type { Missing, MissingKind } from '../../archive/evidence/completeness/missing-log.ts';
import { clock, counted, day, duration, grouped, size } from '../../report/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { withReadArchive } from './open-for-command.ts';
import { terminalJson } from './terminal-json.ts';

export interface CompletenessCommandOptions extends ArchiveOptions {
  readonly from: number;
  readonly to?: number;
  readonly person?: readonly string[];
  readonly json?: true;
}

const HEADS: Readonly<Record<MissingKind, string>> = {
  lost: 'Lost',
  unread: 'Seen, and not to be read',
  policy: 'Not kept',
};

/** Returns the exit code. */
export function tellCompleteness(
  options: CompletenessCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { from, to = Date.now() * 1000, person } = options;
  if (from >= to) throw new UserError('--from is not before --to: there is no time between them');
  return withReadArchive(options, terminal, async ({ archive, audit }) => {
    const asked = { from, to, ...(person === undefined ? {} : { person }) };
    await audit('completeness', asked);
    const report = await completeness(archive, asked);
    if (options.json === true) terminal.out.line(terminalJson(report, 2));
    else tell(report, terminal);
    return report.complete ? Exit.Ok : Exit.Failed;
  });
}

function tell(report: CompletenessReport, { out, layout: { paint } }: Terminal): void {
  const period = stretch(report.from, report.to);
  const events = Object.values(report.events).reduce((a, b) => a + b, 0);
  const messages = report.events.message ?? 0;
  if (!report.complete) out.line(`${paint.red('NOT COMPLETE')}: ${period}`);
  else if (report.live) out.line(`${paint.green('COMPLETE')}: ${period}`);
  else out.line(`${paint.green('COMPLETE AS FAR AS RECORDINGS WERE READ')}: ${period}`);
  out.line(`  ${counted(events, 'event')}, ${counted(messages, 'message')} are there`);
  let head: MissingKind | undefined;
  for (const missing of report.missing) {
    if (missing.kind !== head) out.line(paint.bold(HEADS[missing.kind]));
    head = missing.kind;
    out.line(`  ${harmless(missing.what)}: ${amounts(missing)}${times(missing)}`);
    if (missing.why !== '') out.line(`    ${paint.dim('why')}   ${harmless(missing.why)}`);
    out.line(`    ${paint.dim('when')}  ${stretch(missing.from, missing.to)}`);
    if (missing.whose.length === 0) continue;
    const whose = `${missing.whose.join(', ')}${missing.more ? ', …' : ''}`;
    out.line(`    ${paint.dim('whose')} ${harmless(whose)}`);
  }
  for (const remark of report.remarks) out.line(`  - ${harmless(remark)}`);
}

/** `2026-11-25 08:49:53`, or from there to another moment; UTC. */
function stretch(from: number, to: number): string {
  const moment = (time: number) => `${day(time)} ${clock(time)}`;
  return moment(from) === moment(to) ? moment(from) : `${moment(from)} to ${moment(to)}`;
}

function times({ times: n }: Missing): string {
  return n > 1 ? `, ${grouped(n)} times` : '';
}

function amounts({ counts }: Missing): string {
  const all = Object.entries(counts).map(([name, count]) => {
    if (name === 'seconds') return duration(count);
    if (name === 'octets') return size(count);
    return `${grouped(count)} ${harmless(count === 1 ? name.replace(/s$/, '') : name)}`;
  });
  return all.length === 0 ? 'some' : all.join(', ');
}
