/** What `sallyport archive purge` does once its command line is read. */

import { harmless } from '../../../src/event/harmless.ts';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import {
  type ArchiveClock,
  aheadError,
  keepArchiveClock,
  readArchiveClock,
  trustClock,
  wrongClock,
  wrongClockText,
} from '../../archive/retention/archive-clock.ts';
import { directoryGroups } from '../../archive/retention/directory-groups.ts';
import { unfinishedErasure } from '../../archive/retention/erase-subject.ts';
import { type PurgeReport, purgeArchive } from '../../archive/retention/purge-archive.ts';
import { type RetentionRule, RetentionRules } from '../../archive/retention/retention-rules.ts';
import { readArchiveConfig } from '../../config/read-config.ts';
import { counted, day, grouped, size } from '../../report/amounts.ts';
import { cell, columnWidth, rightCell } from '../../report/columns.ts';
import { Interruption } from '../interruption.ts';
import { complain, type Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type OpenedArchive, withOpenArchive } from './open-for-command.ts';

export interface PurgeCommandOptions extends ArchiveOptions {
  readonly dryRun?: true;
  readonly days?: number;
  readonly scrub?: true;
  readonly trustClock?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export function purge(options: PurgeCommandOptions, terminal: Terminal): Promise<number> {
  return withOpenArchive(options, terminal, async (opened) => {
    const { archive, audit } = opened;
    const now = Date.now() * 1000;
    const rules = rulesOf(options, opened, now);
    const dryRun = options.dryRun === true;
    const clock = await checkedClock(options, archive, now, terminal);
    const unfinished = await unfinishedErasure(archive);
    if (unfinished !== undefined) {
      complain(
        terminal,
        `the erasure of ${unfinished} was interrupted`,
        'Ask for it again: it is ended then.',
      );
    }
    const said = options.trustClock === true ? { trustClock: true } : {};
    await audit('purge', { dryRun, ...said, rules: rules.rules.map((rule) => ({ ...rule })) });
    if (!dryRun) {
      if (options.trustClock === true) await trustClock(archive.database, clock, now);
      else await keepArchiveClock(archive.database, clock, now);
    }
    const interruption = new Interruption();
    let report: PurgeReport;
    try {
      report = await purgeArchive(archive, {
        rules,
        dryRun,
        signal: interruption.signal,
        ...(options.why === undefined ? {} : { why: options.why }),
      });
    } finally {
      interruption.dispose();
    }
    if (!dryRun && report.complete && options.scrub === true) await archive.database.scrub();
    if (!dryRun) await audit('purge', { ended: true, ...amounts(report) });
    if (options.json === true) terminal.out.line(jsonLine({ dryRun, ...amounts(report) }));
    else {
      tell(report, dryRun, terminal);
      if (!dryRun) tellDisk(report, options.scrub === true, terminal);
    }
    return interruption.exitCode || Exit.Ok;
  });
}

/** Throws ArchiveError: it is too far ahead, and nobody says that it is right. */
async function checkedClock(
  { dryRun, trustClock: isTrusted }: PurgeCommandOptions,
  { database }: Archive,
  now: number,
  terminal: Terminal,
): Promise<ArchiveClock> {
  const clock = await readArchiveClock(database);
  const wrong = wrongClock(clock, now);
  if (wrong === undefined || isTrusted === true) return clock;
  if (wrong.which === 'ahead' && dryRun !== true) throw aheadError(wrong);
  complain(terminal, wrongClockText(wrong));
  return clock;
}

function rulesOf(
  { days, config }: PurgeCommandOptions,
  { settings }: OpenedArchive,
  now: number,
): RetentionRules {
  if (days !== undefined) {
    return new RetentionRules(
      [{ service: undefined, group: undefined, tag: undefined, days }],
      now,
    );
  }
  const rules: readonly RetentionRule[] = settings?.retention ?? [];
  if (rules.length === 0 || config === undefined) {
    throw new UserError(
      'there are no retention rules, so nothing is too old',
      'Write archive: retention: into the configuration and name it with --config, or say --days N.',
    );
  }
  const directory = readArchiveConfig(config).settings?.policy.directory;
  try {
    return new RetentionRules(rules, now, directoryGroups(rules, directory));
  } catch (error) {
    if (error instanceof ArchiveError) throw new UserError(error.message, error.advice);
    throw error;
  }
}

function amounts(report: PurgeReport) {
  const { byRule, looked, files, octets, complete } = report;
  return {
    complete,
    looked,
    purged: byRule.reduce((sum, { purged }) => sum + purged, 0),
    held: byRule.reduce((sum, { held }) => sum + held, 0),
    files,
    octets,
    rules: byRule.map(({ rule, upTo, purged, held, holds }) => ({
      rule,
      upTo: new Date(upTo / 1000).toISOString(),
      purged,
      held,
      holds: Object.fromEntries(holds),
    })),
  };
}

const RULE_CELLS = 40;

function tell(report: PurgeReport, dryRun: boolean, { out, layout: { paint } }: Terminal): void {
  const { byRule, files, octets, complete } = report;
  const width = columnWidth(['rule', ...byRule.map(({ rule }) => rule)], RULE_CELLS);
  const goes = dryRun ? 'would go' : 'purged';
  out.line(
    paint.dim(
      `${cell('rule', width)}  up to       ${rightCell(goes, 12)}  ${rightCell('held', 12)}`,
    ),
  );
  for (const { rule, upTo, purged, held } of byRule) {
    out.line(
      `${cell(rule, width)}  ${day(upTo)}  ${rightCell(grouped(purged), 12)}  ${rightCell(grouped(held), 12)}`,
    );
  }
  const holds = new Map<string, number>();
  for (const one of byRule) {
    for (const [name, n] of one.holds) holds.set(name, (holds.get(name) ?? 0) + n);
  }
  for (const [name, n] of holds) out.line(`held by ${harmless(name)}: ${counted(n, 'record')}`);
  const { purged } = amounts(report);
  if (dryRun) out.line(`${counted(purged, 'record')} would go; nothing was changed`);
  else {
    const gone = files === 0 ? '' : `, and ${counted(files, 'file')} (${size(octets)})`;
    out.line(`${counted(purged, 'record')} purged${gone}`);
  }
  if (!complete) out.line('Stopped before the end: purge again to go on.');
}

/** What is deleted from tables may stand on the disk for a while, above all words in the search index. */
function tellDisk(
  report: PurgeReport,
  scrubbed: boolean,
  { out, layout: { paint } }: Terminal,
): void {
  if (scrubbed && report.complete) {
    out.line(paint.dim('The database was written anew (--scrub).'));
    return;
  }
  if (amounts(report).purged === 0) return;
  out.line(
    paint.dim(
      'Words of it may stay in the files of the database until their room is used again: --scrub removes them.',
    ),
  );
}
