/**
 * The purge of a running gateway: once a day, at the time that the configuration says, or as soon after it as the
 * gateway runs. Between its batches the archive goes on taking what comes.
 */
import type { LogFacts, LogLevel } from '../../log/log.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { recordAudit } from '../evidence/audit.ts';
import { putMeta, readMeta } from '../record/meta.ts';
import { aheadError, keepArchiveClock, readArchiveClock, wrongClock } from './archive-clock.ts';
import { directoryGroups } from './directory-groups.ts';
import { purgeArchive } from './purge-archive.ts';
import { type RetentionRule, RetentionRules } from './retention-rules.ts';

/** In `meta`: the day of the last purge that was done, by the clock of the machine. */
const LAST = 'last-purge';
/** Milliseconds until one that failed is tried again. */
const AGAIN = 3_600_000;

export interface DailyPurgeSettings {
  readonly retention: readonly RetentionRule[];
  /** Minutes after midnight, local time; undefined: never. */
  readonly purgeAt: number | undefined;
}

export class DailyPurge {
  readonly #log: (level: LogLevel, message: string, facts?: LogFacts) => void;
  readonly #directory: string | undefined;
  readonly #now: () => Date;
  #done: string | undefined;
  #running: { readonly controller: AbortController; readonly end: Promise<void> } | undefined;
  #failed = Number.NEGATIVE_INFINITY;
  /** Microseconds since 1970: what the archive proved when the clock was too far ahead of it. */
  #proven: number | undefined;

  /** `directory`: file of the policy, for rules that name a group. */
  constructor(
    log: (level: LogLevel, message: string, facts?: LogFacts) => void,
    directory: string | undefined,
    now: () => Date = () => new Date(),
  ) {
    this.#log = log;
    this.#directory = directory;
    this.#now = now;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Why it was not done: the clock may be wrong. undefined: it was, or is not due. */
  get waitsFor(): string | undefined {
    const wrong = wrongClock({ time: this.#proven }, this.#now().getTime() * 1000);
    return wrong?.which === 'ahead' ? aheadError(wrong).message : undefined;
  }

  /** Now and then, with the archive that is open. Begins a purge where it is time to. Never throws. */
  tick(archive: Archive | undefined, { retention, purgeAt }: DailyPurgeSettings): void {
    if (purgeAt === undefined || retention.length === 0) this.#proven = undefined;
    if (archive === undefined || purgeAt === undefined || retention.length === 0) return;
    const now = this.#now();
    const today = localDay(now);
    if (this.#running !== undefined || this.#done === today) return;
    // A clock that was set back does not put it off for longer.
    if (Math.abs(now.getTime() - this.#failed) < AGAIN) return;
    if (now.getHours() * 60 + now.getMinutes() < purgeAt) return;
    const controller = new AbortController();
    const end = this.#run(archive, retention, today, controller.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { controller, end };
  }

  /** Ends with the batch it is in; to be awaited before the archive is closed. Never rejects. */
  async stop(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.end;
  }

  async #run(
    archive: Archive,
    retention: readonly RetentionRule[],
    today: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { database } = archive;
      if ((await readMeta(database, LAST)) !== today) {
        const groups = directoryGroups(retention, this.#directory);
        const now = this.#now().getTime() * 1000;
        await this.#checkClock(database, now);
        const rules = new RetentionRules(retention, now, groups);
        const report = await purgeArchive(archive, { rules, signal, why: 'daily purge' });
        if (!report.complete) return;
        await database.transaction((within) => putMeta(within, LAST, today));
        const sum = (of: 'purged' | 'held') => report.byRule.reduce((n, one) => n + one[of], 0);
        const facts = { records: sum('purged'), held: sum('held'), files: report.files };
        // Signed, with what the batches recorded.
        if (facts.records > 0) await recordAudit(archive, 'purge', { ended: true, ...facts });
        this.#log('info', 'the archive was purged', facts);
      }
      this.#done = today;
    } catch (error) {
      this.#failed = this.#now().getTime();
      const why = error instanceof Error ? error.message : String(error);
      const advice = error instanceof ArchiveError ? error.advice : undefined;
      this.#log('error', 'the archive cannot be purged', {
        why,
        ...(advice === undefined ? {} : { advice }),
      });
    }
  }

  /** Rejects with ArchiveError: it is too far ahead. One that is behind deletes nothing too early. */
  async #checkClock(database: ArchiveDatabase, now: number): Promise<void> {
    const clock = await readArchiveClock(database);
    const wrong = wrongClock(clock, now);
    this.#proven = wrong?.proven;
    if (wrong?.which === 'ahead') throw aheadError(wrong);
    if (wrong === undefined) await keepArchiveClock(database, clock, now);
  }
}

/** `2026-11-26`, by the clock of the machine. */
function localDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
