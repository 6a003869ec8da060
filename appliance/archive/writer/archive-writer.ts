/**
 * Takes lines of events into the spool, and from there into the database: in order, once, in batches. A database
 * that is away is waited for; the spool fills meanwhile, and what finds no room in it is counted and told of in
 * the record as soon as there is one. Runs in a thread of its own: SQLite and the spool wait for the disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rfc3339 } from '../../../src/event/time.ts';
import { systemErrorText } from '../../cli/user-error.ts';
import type { ArchiveSettings, SpoolSettings } from '../../config/settings.ts';
import type { LogFacts, LogLevel } from '../../log/log.ts';
import { ArchiveError } from '../archive-error.ts';
import type { LedgerEntry, RecordDraft } from '../contract.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import { FileStep } from '../files/file-step.ts';
import { EventDrafts } from '../record/draft-event.ts';
import { DailyPurge } from '../retention/daily-purge.ts';
import { Spool } from '../spool/spool.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import { type ArchiveTarget, homePaths } from '../target.ts';
import { DatabaseLink, type OpenLink } from './database-link.ts';
import { MemorySpool } from './memory-spool.ts';
import { type Batch, type BatchItem, nextBatch } from './next-batch.ts';
import { OwedEntries } from './owed-entries.ts';
import { RefusedLines } from './refused-lines.ts';
import {
  isAtOrPast,
  type NotArchived,
  positionName,
  type TakenPosition,
  writePosition,
} from './taken-position.ts';
import type { WriterStatus } from './writer-messages.ts';

/** Of one transaction. */
const MOST_ENTRIES = 4096;
const MOST_OCTETS = 4 * 2 ** 20;
/** Milliseconds that a line waits for others, so that each has not a transaction of its own. */
const LINGER = 100;
/** Milliseconds between two looks at the clock. */
const TICK = 1000;
/** Milliseconds of events that policy did not want, told of in one entry. */
const TELL_UNWANTED = 60_000;
/** Lines refused one after the other: then it is not the lines that are wrong. */
const MOST_REFUSED = 100;
/** Milliseconds for which a database that is away is waited for, where nothing else can wait. */
const DIRECT_PATIENCE = 60_000;

export interface WriterParts {
  readonly target: ArchiveTarget;
  readonly settings: ArchiveSettings;
  /** File of the policy's directory. */
  readonly directory?: string | undefined;
  readonly through: 'spool' | 'direct';
  readonly log: (level: LogLevel, message: string, facts?: LogFacts) => void;
  /** A message of lines is acknowledged. */
  readonly acknowledge: () => void;
  /** direct: the database was away for too long; nothing more is archived. */
  readonly failed: (error: ArchiveError) => void;
}

export class ArchiveWriter {
  readonly #parts: WriterParts;
  readonly #spool: Spool | MemorySpool;
  readonly #link: DatabaseLink;
  readonly #refused: RefusedLines;
  readonly #owed = new OwedEntries();
  readonly #files: FileStep;
  readonly #purge: DailyPurge;
  #fileFault: string | undefined;
  #settings: ArchiveSettings;
  #drafts: EventDrafts;
  /** Read from the spool, and not in the database. */
  #pending: Batch | undefined;
  /** As the database has it. */
  #taken: TakenPosition | undefined;
  #notArchivedYet: NotArchived | undefined;
  #refusedInRow = 0;
  #unsigned = 0;
  #signedAt = performance.now();
  #awaySince: number | undefined;
  /** performance.now() until which it drains; undefined: it runs. */
  #stopAt: number | undefined;
  #failed = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #ticking: NodeJS.Timeout | undefined;
  readonly #counts = {
    archived: 0,
    notArchived: 0,
    lost: 0,
    commits: 0,
    commitSeconds: 0,
    checkpoints: 0,
  };
  #sequence: number | undefined;
  #wasOpen = false;

  /** The home folder is made. Throws UserError where another process has the spool, else what the system says. */
  constructor(parts: WriterParts) {
    const { target, settings, through, acknowledge } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#files = new FileStep(settings.files);
    this.#purge = new DailyPurge(parts.log, parts.directory);
    this.#drafts = new EventDrafts(settings.keep);
    const folder = homePaths(target).spool;
    this.#refused = new RefusedLines(folder);
    const spool = through === 'spool' ? openSpool(folder, settings.spool) : undefined;
    this.#spool = spool ?? new MemorySpool(acknowledge);
    // Without a spool too: after a lost COMMIT it tells whether it was done.
    const name = spool?.identity.spool ?? randomBytes(16).toString('hex');
    this.#link = new DatabaseLink(target, settings, positionName(name));
  }

  /**
   * Resolves when the database is open, or is known to be away. Rejects with ArchiveError where waiting does
   * not help; then nothing was begun.
   */
  async start(): Promise<void> {
    try {
      const open = await this.#link.connect();
      if (
        open === undefined &&
        this.#parts.through === 'direct' &&
        this.#link.fault !== undefined
      ) {
        throw this.#link.fault;
      }
      if (open === undefined) this.#tellAway();
      else this.#opened(open);
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#running = this.#run();
  }

  /** Whole lines, one at least. */
  lines(octets: Uint8Array): void {
    const { taken, refused, why } = this.#spool.add(EntryKind.Event, octets);
    if (refused > 0) this.#lose(refused, why);
    else if (why !== undefined) this.#tellUnsynced(why);
    if (taken > 0 || refused > 0) this.#parts.acknowledge();
    this.#wake();
  }

  /** Becomes a record in its place among the events. */
  ledger(entry: LedgerEntry): void {
    this.#owed.add(entry);
    this.#tellOwed();
    this.#wake();
  }

  change(settings: ArchiveSettings): void {
    this.#settings = settings;
    this.#files.limits = settings.files;
    this.#drafts = new EventDrafts(settings.keep);
    if (this.#spool instanceof Spool) this.#spool.settings = settings.spool;
  }

  get status(): WriterStatus {
    const { target } = this.#parts;
    const { oldest, octets } = this.#spool;
    return {
      where: target.kind === 'sqlite' ? target.path : target.shown,
      up: this.#link.open !== undefined,
      fault: this.#link.fault?.message,
      ...this.#counts,
      refused: this.#refused.count,
      files: { ...this.#files.counters },
      spoolOctets: octets,
      spoolSize: this.#settings.spool.size,
      lag: oldest === undefined ? 0 : Math.max(0, (Date.now() - oldest) / 1000),
      sequence: this.#sequence,
    };
  }

  /** Drains within so many milliseconds; what is left then stays in the spool for the next run. */
  async stop(within: number): Promise<void> {
    this.#stopAt = performance.now() + within;
    this.#wake();
    await this.#purge.stop();
    await this.#running;
    clearInterval(this.#ticking);
    await this.#close();
  }

  async #run(): Promise<void> {
    while (!this.#failed) {
      const stopping = this.#stopAt !== undefined; // asked before the look: what came before it is taken
      const did = await this.#turn();
      if (stopping && (did === 'nothing' || this.#left === 0)) break;
      if (did === 'something') await new Promise((resolve) => setImmediate(resolve));
      else if (did === 'away') await this.#rest(Math.min(this.#link.wait, this.#left), false);
      else if (await this.#rest(TICK, true)) await this.#rest(LINGER, false);
    }
  }

  /** Milliseconds until it must have ended. */
  get #left(): number {
    return this.#stopAt === undefined ? Infinity : Math.max(0, this.#stopAt - performance.now());
  }

  /** One step. Never rejects. */
  async #turn(): Promise<'something' | 'nothing' | 'away'> {
    try {
      if (this.#link.open === undefined) {
        if (this.#link.wait > 0) return 'away';
        const opened = await this.#link.connect();
        if (opened === undefined) return this.#stillAway();
        this.#opened(opened);
        this.#tellBack();
      }
      const open = this.#link.open;
      if (open === undefined) return 'away';
      if (await this.#batch(open)) {
        await this.#takeFiles(open, false);
        return 'something';
      }
      if (await this.#takeFiles(open, true)) return 'something';
      if (this.#tellOwed()) return 'something';
      if (await this.#tellUnwanted(open)) return 'something';
      await this.#sign(open);
      return 'nothing';
    } catch (error) {
      await this.#away(error);
      return 'away';
    }
  }

  /** False: nothing waits. */
  async #batch(open: OpenLink): Promise<boolean> {
    this.#pending ??= nextBatch(
      this.#spool.read(MOST_ENTRIES, MOST_OCTETS),
      this.#drafts,
      (line, why) => this.#refuse(line, why),
    );
    const batch = this.#pending;
    if (batch === undefined) return false;
    const { items, position, notArchived, missing } = batch;
    const isNew = this.#taken === undefined || !isAtOrPast(this.#taken, position);
    if (items.length === 0 && !isNew) {
      this.#pending = undefined;
      this.#spool.acknowledge(position);
      return !this.#spool.isDrained;
    }
    if (notArchived > 0) this.#unwanted(notArchived);
    this.#pending = { ...batch, notArchived: 0 };
    await this.#append(open, items, position);
    this.#counts.lost += missing;
    this.#pending = undefined;
    this.#spool.acknowledge(position);
    if (this.#unsigned >= this.#settings.checkpoints.records) await this.#sign(open, true);
    return true;
  }

  /** `drained`: no event waits. True: something was taken. */
  async #takeFiles(open: OpenLink, drained: boolean): Promise<boolean> {
    const last = this.#stopAt !== undefined;
    const taken = await this.#files.take(open, { drained, last });
    if (taken) this.#unsigned += 1;
    const { fault } = this.#files;
    if (fault !== undefined && fault !== this.#fileFault) this.#parts.log('error', fault);
    this.#fileFault = fault;
    return taken;
  }

  /** All of it; where the database refuses it for what it is, what is to blame is found by halves. */
  async #append(
    open: OpenLink,
    items: readonly BatchItem[],
    position: TakenPosition,
  ): Promise<void> {
    try {
      await this.#commit(
        open,
        items.map(({ draft }) => draft),
        position,
      );
      if (items.length > 0) this.#refusedInRow = 0;
    } catch (error) {
      if (items.length === 0 || (error instanceof ArchiveError && error.retry)) throw error;
      if (this.#refusedInRow >= MOST_REFUSED) throw error;
      // Where not even a position can be written, it is not the lines that are wrong.
      if (this.#taken !== undefined) await this.#commit(open, [], this.#taken);
      const half = items.length >> 1;
      if (half === 0) {
        this.#refusedInRow += 1;
        this.#refuse(items[0]?.line ?? '', messageOf(error));
        await this.#commit(open, [], position);
        return;
      }
      const { generation } = position;
      const number = items[half - 1]?.number ?? position.number;
      await this.#append(open, items.slice(0, half), { generation, number });
      await this.#append(open, items.slice(half), position);
    }
  }

  async #commit(
    { appender }: OpenLink,
    drafts: readonly RecordDraft[],
    { generation, number }: TakenPosition,
  ): Promise<void> {
    const began = performance.now();
    const taken: TakenPosition = { generation, number, notArchived: this.#notArchivedYet };
    const appended = await appender.append(drafts, writePosition(taken), this.#link.name);
    this.#taken = taken;
    this.#counts.commits += 1;
    this.#counts.commitSeconds += (performance.now() - began) / 1000;
    this.#counts.archived += drafts.filter(({ kind }) => kind === 'event').length;
    this.#unsigned += drafts.length;
    if (drafts.length > 0) this.#sequence = appended.last;
  }

  #opened({ taken }: OpenLink): void {
    const isFirst = !this.#wasOpen;
    this.#wasOpen = true;
    if (isFirst) this.#begun(taken);
    else if (taken !== undefined) this.#resumed(taken);
  }

  /** The first time in this process. */
  #begun(taken: TakenPosition | undefined): void {
    const spool = this.#spool;
    if (taken === undefined || spool instanceof MemorySpool) return;
    if (taken.generation >= spool.identity.generation) {
      // The home folder is an older copy of itself: its numbers were given before.
      this.#link.name = positionName(spool.renew());
      this.#parts.log('warn', 'the spool is older than the archive: it is taken as a new one');
      return;
    }
    this.#taken = taken;
    this.#notArchivedYet = taken.notArchived;
    spool.skipTo(taken);
  }

  /** Again: did the transaction whose end was not heard of come through, or a half of what waits? */
  #resumed(taken: TakenPosition): void {
    const before = this.#taken;
    if (before !== undefined && writePosition(before) === writePosition(taken)) return;
    this.#taken = taken;
    this.#notArchivedYet = taken.notArchived;
    const pending = this.#pending;
    if (pending === undefined || taken.generation !== pending.position.generation) return;
    const items = pending.items.filter(({ number }) => number > taken.number);
    const isEvent = ({ draft }: BatchItem) => draft.kind === 'event';
    this.#counts.archived += pending.items.filter(isEvent).length - items.filter(isEvent).length;
    this.#pending = { ...pending, items };
  }

  #refuse(line: string, why: string): void {
    this.#refused.add(line, why);
    const { count, path } = this.#refused;
    this.#parts.log('error', 'a line cannot be archived: it is in quarantine', {
      why,
      path,
      count,
    });
    this.#owe('refused', 1, why);
  }

  #lose(events: number, why: unknown): void {
    const cause = systemErrorText(why) ?? messageOf(why);
    this.#counts.lost += events;
    this.#owe('spool-full', events, cause);
  }

  #owe(what: string, events: number, why: string): void {
    const now = rfc3339(Date.now() * 1000);
    this.#owed.add({ what, from: now, to: now, counts: { events }, why });
  }

  /** True: something was told of that was not before. */
  #tellOwed(): boolean {
    let told = false;
    for (const entry of this.#owed.take()) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const { refused } = this.#spool.add(EntryKind.Ledger, line);
      if (refused > 0) this.#owed.add(entry);
      else told = true;
    }
    return told;
  }

  #unwanted(events: number): void {
    this.#counts.notArchived += events;
    const now = rfc3339(Date.now() * 1000);
    const { from = now, events: before = 0 } = this.#notArchivedYet ?? {};
    this.#notArchivedYet = { from, to: now, events: before + events };
  }

  /** With the position, in the transaction that forgets the count. */
  async #tellUnwanted(open: OpenLink): Promise<boolean> {
    const unwanted = this.#notArchivedYet;
    if (unwanted === undefined) return false;
    const age = Date.now() - Date.parse(unwanted.from);
    if (this.#stopAt === undefined && age < TELL_UNWANTED) return false;
    const { from, to, events } = unwanted;
    const why = 'policy did not want them kept';
    const ledger: LedgerEntry = { what: 'not-archived', from, to, counts: { events }, why };
    this.#notArchivedYet = undefined;
    try {
      const position = this.#taken ?? { generation: 0, number: 0 };
      await this.#commit(open, [{ kind: 'ledger', ledger }], position);
    } catch (error) {
      this.#notArchivedYet = unwanted;
      throw error;
    }
    return true;
  }

  /** Where it is time to, or at the end. */
  async #sign({ signer }: OpenLink, now = false): Promise<void> {
    const { every } = this.#settings.checkpoints;
    const isDue = now || this.#stopAt !== undefined || performance.now() - this.#signedAt >= every;
    if (!isDue || this.#unsigned === 0) return;
    this.#signedAt = performance.now();
    if ((await signer.checkpoint()) !== undefined) this.#counts.checkpoints += 1;
    this.#unsigned = 0;
  }

  async #away(error: unknown): Promise<void> {
    const fault =
      error instanceof ArchiveError ? error : new ArchiveError(messageOf(error), undefined, true);
    this.#link.away(fault);
    await this.#link.close();
    this.#tellAway();
    this.#stillAway();
  }

  #stillAway(): 'away' {
    const { through, failed } = this.#parts;
    const since = performance.now() - (this.#awaySince ?? performance.now());
    if (through === 'direct' && since > DIRECT_PATIENCE && this.#link.fault !== undefined) {
      this.#failed = true;
      failed(this.#link.fault);
    }
    return 'away';
  }

  #tellAway(): void {
    if (this.#awaySince !== undefined) return;
    this.#awaySince = performance.now();
    const { fault } = this.#link;
    this.#parts.log('error', 'the archive is away: events wait in the spool', {
      why: fault?.message,
      ...(fault?.advice === undefined ? {} : { advice: fault.advice }),
    });
  }

  #tellBack(): void {
    if (this.#awaySince === undefined) return;
    const seconds = Math.round((performance.now() - this.#awaySince) / 1000);
    this.#awaySince = undefined;
    this.#parts.log('info', 'the archive is back', { seconds, spooled: this.#spool.octets });
  }

  #tick(): void {
    if (!(this.#spool instanceof Spool)) return;
    if (this.#stopAt === undefined) this.#purge.tick(this.#link.open?.archive, this.#settings);
    try {
      this.#spool.tick();
      if (this.#pending === undefined) this.#spool.tidy();
    } catch (error) {
      this.#tellUnsynced(error);
    }
    this.#tellOwed();
  }

  #tellUnsynced(error: unknown): void {
    const why = systemErrorText(error) ?? messageOf(error);
    this.#parts.log('error', 'the spool cannot be forced to the disk', { why });
  }

  /** Until it is woken, or for so long. True: it was woken. Only `early` is woken by lines. */
  #rest(milliseconds: number, early: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (woken: boolean) => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve(woken);
      };
      const timer = setTimeout(() => done(false), milliseconds);
      this.#wake = () => {
        if (early || this.#stopAt !== undefined) done(true);
      };
      if (early && !this.#spool.isDrained) done(true);
    });
  }

  async #close(): Promise<void> {
    if (this.#spool instanceof MemorySpool) await this.#link.forget();
    await this.#link.close();
    if (!(this.#spool instanceof Spool)) return;
    if (this.#pending === undefined) this.#spool.tidy();
    this.#spool.close();
  }
}

function openSpool(folder: string, settings: SpoolSettings): Spool {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
  return new Spool(folder, settings);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
