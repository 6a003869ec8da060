/**
 * What retention rules say is too old goes, unless a hold covers it. In batches: each is one transaction, with
 * the audit records that prove what went and why. What a crash leaves is the archive between two batches.
 */
import { setImmediate as immediately } from 'node:timers/promises';
import type { Archive } from '../archive.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { sweepFiles } from '../files/sweep-files.ts';
import { Appender } from '../record/appender.ts';
import { homePaths } from '../target.ts';
import { readArchiveClock } from './archive-clock.ts';
import { type DueBy, type DuePage, duePage, lastOld } from './due-records.ts';
import { heldAmong, readHolds } from './holds.ts';
import { removeRecords } from './remove-records.ts';
import { type RetentionRules, ruleText } from './retention-rules.ts';

/** Records looked at in one transaction: about 5 MB, and a few hundred milliseconds in which others wait. */
const BATCH = 2000;

export interface PurgeOptions {
  readonly rules: RetentionRules;
  /** Nothing is changed: what would go is counted. */
  readonly dryRun?: boolean;
  /** In the words of who asked for it. */
  readonly why?: string;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  readonly onBatch?: (report: PurgeReport) => void;
}

export interface PurgeReport {
  readonly byRule: readonly RuleCount[];
  /** Records looked at. */
  looked: number;
  files: number;
  /** Of those files. */
  octets: number;
  /** All that was due has gone; false: it was stopped. */
  complete: boolean;
}

export interface RuleCount {
  readonly rule: string;
  /** Microseconds since 1970: records up to here are due. */
  readonly upTo: number;
  purged: number;
  /** Due, and kept by a hold. */
  held: number;
  readonly holds: Map<string, number>;
}

/** Rejects with ArchiveError: it cannot be recorded, or what a hold covers cannot be told. */
export async function purgeArchive(archive: Archive, options: PurgeOptions): Promise<PurgeReport> {
  const { database, target } = archive;
  const { rules, dryRun = false, signal, onBatch } = options;
  const report = newReport(rules);
  const upTo = await lastOld(database, rules);
  const by = { rules, clock: await readArchiveClock(database) };
  let after = 0;
  while (after < upTo && signal?.aborted !== true) {
    const last = dryRun
      ? await look(archive, by, report, after, upTo)
      : await purgeBatch(archive, by, options.why, report, after, upTo);
    if (last === undefined) break;
    after = last;
    onBatch?.(report);
    // SQLite alone leaves no room for Ctrl-C to be heard.
    await immediately();
  }
  report.complete = signal?.aborted !== true;
  if (!dryRun) {
    const swept = await sweepFiles(database, homePaths(target).files);
    report.files = swept.files;
    report.octets = swept.octets;
  }
  return report;
}

/** Nothing due: the next page; a transaction only where something is. */
async function purgeBatch(
  archive: Archive,
  by: DueBy,
  why: string | undefined,
  report: PurgeReport,
  after: number,
  upTo: number,
): Promise<number | undefined> {
  const { database } = archive;
  const { rules } = by;
  const seen = await duePage(database, by, after, upTo, BATCH);
  if (seen.due.length === 0 || seen.last === undefined) {
    report.looked += seen.looked;
    return seen.last;
  }
  const end = seen.last;
  const counted = await database.transaction(async (within) => {
    // Again: somebody else may have purged, or made a hold, meanwhile.
    const page = await duePage(within, by, after, end, BATCH);
    const parts = await divide({ ...archive, database: within }, page, rules);
    const appender = new Appender(archive);
    for (const [rule, { records }] of parts) {
      await removeRecords(within, records, (details) =>
        appender.within(within, [
          auditDraft('purge', { ...details, rule: textOf(rules, rule) }, why),
        ]),
      );
    }
    return { page, parts };
  });
  count(report, counted.page, counted.parts);
  return end;
}

async function look(
  archive: Archive,
  by: DueBy,
  report: PurgeReport,
  after: number,
  upTo: number,
): Promise<number | undefined> {
  const page = await duePage(archive.database, by, after, upTo, BATCH);
  count(report, page, await divide(archive, page, by.rules));
  return page.last;
}

interface Part {
  readonly records: DuePage['due'][number][];
  held: number;
  readonly holds: Map<string, number>;
}

/** What is due, by rule, without what is held. */
async function divide(
  { database, vault }: Pick<Archive, 'database' | 'vault'>,
  { due }: DuePage,
  rules: RetentionRules,
): Promise<Map<number, Part>> {
  const parts = new Map<number, Part>();
  const [first, last] = [due[0], due.at(-1)];
  if (first === undefined || last === undefined) return parts;
  const holds = await readHolds(database);
  const held = await heldAmong(database, vault, holds, first.sequence, last.sequence);
  for (const [rule] of rules.rules.entries()) {
    parts.set(rule, { records: [], held: 0, holds: new Map() });
  }
  for (const record of due) {
    const part = parts.get(record.rule);
    const hold = held.get(record.sequence);
    if (hold === undefined) part?.records.push(record);
    else if (part !== undefined) {
      part.held += 1;
      part.holds.set(hold, (part.holds.get(hold) ?? 0) + 1);
    }
  }
  return parts;
}

function newReport(rules: RetentionRules): PurgeReport {
  return {
    byRule: rules.rules.map((rule, n) => ({
      rule: ruleText(rule),
      upTo: rules.cutoff(n),
      purged: 0,
      held: 0,
      holds: new Map(),
    })),
    looked: 0,
    files: 0,
    octets: 0,
    complete: false,
  };
}

function count(report: PurgeReport, { looked }: DuePage, parts: ReadonlyMap<number, Part>): void {
  report.looked += looked;
  for (const [rule, { records, held, holds }] of parts) {
    const counts = report.byRule[rule];
    if (counts === undefined) continue;
    counts.purged += records.length;
    counts.held += held;
    for (const [name, n] of holds) counts.holds.set(name, (counts.holds.get(name) ?? 0) + n);
  }
}

function textOf({ rules }: RetentionRules, rule: number): string {
  const found = rules[rule];
  return found === undefined ? '' : ruleText(found);
}
